/** What the services say about themselves at /readyz and /metrics. */
import { broken, ok, warning } from './doctor-finding.mjs'

const DAY_S = 86_400

export function judgeReadiness(service, text) {
  let report
  try {
    report = JSON.parse(text)
  } catch {
    return [
      broken(
        `The ${service} service does not say how it is.`,
        `Look into its log: docker compose logs ${service}`,
      ),
    ]
  }
  const findings = []
  if (report.database !== 'up')
    findings.push(
      broken(
        `The ${service} service cannot reach the database.`,
        'Look into the log of db; is its disk full, is it running?',
      ),
    )
  if (report.cache !== 'up')
    findings.push(
      broken(
        `The ${service} service cannot reach the cache: messages still arrive, logging in does not work.`,
        'Start it: docker compose up -d cache; look into its log.',
      ),
    )
  return findings.length > 0 ? findings : [ok(`The ${service} service reaches database and cache.`)]
}

export function judgeMetrics(text) {
  const age = valueOf(text, 'brieftaube_backup_age_seconds')
  const fix = 'Run deploy/backup, and let cron run it every night (docs/operating.md).'
  if (age === undefined || age < 0) return [warning('There has never been a backup.', fix)]
  const days = (age / DAY_S).toFixed(1)
  if (age > 7 * DAY_S) return [broken(`The last backup is ${days} days old.`, fix)]
  if (age > 2 * DAY_S) return [warning(`The last backup is ${days} days old.`, fix)]
  return [ok(`The last backup is ${days} days old.`)]
}

function valueOf(text, name) {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}
