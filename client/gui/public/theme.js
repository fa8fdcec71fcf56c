/* Runs before the first paint, so that a chosen theme never flashes. The values are a copy of the settings. */
try {
  const look = JSON.parse(localStorage.getItem('brieftaube.look') ?? '{}')
  const root = document.documentElement
  if (look.theme === 'light' || look.theme === 'dark') root.dataset.theme = look.theme
  if (look.textSize === 'small' || look.textSize === 'large') root.dataset.textSize = look.textSize
  if (look.reduceMotion === true) root.dataset.reduceMotion = 'true'
  if (look.language === 'de' || look.language === 'en') root.lang = look.language
} catch {
  // Without a copy the system decides.
}
