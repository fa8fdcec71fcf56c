export function ShortcutsDialog(_: { readonly onClose: () => void }) {
  return <i />
}
