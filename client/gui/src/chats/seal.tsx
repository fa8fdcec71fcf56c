import { BadgeCheck } from 'lucide-react'
import styles from './seal.module.css'

/** Behind the name of somebody whose safety number was compared; said in words where it stands. */
export function Seal() {
  return <BadgeCheck className={styles.seal} aria-hidden="true" />
}
