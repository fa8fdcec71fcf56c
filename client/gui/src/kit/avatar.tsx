import { classNames } from './class-names.ts'
import { hueOf, initialsOf } from './avatar-rules.ts'
import { usePictureUrl } from './picture-url.ts'
import styles from './avatar.module.css'

export interface AvatarProps {
  readonly name: string
  /** Decides the hue; an id. */
  readonly seed: string
  readonly picture?: Uint8Array | undefined
  /** A rounded square, for several people. */
  readonly square?: boolean | undefined
  readonly size?: 24 | 32 | 40 | 48 | 64 | 96 | undefined
  readonly online?: boolean | undefined
}

/** A face beside a name: it says nothing that the name does not say, so assistive technology passes over it. */
export function Avatar({ name, seed, picture, square, size = 48, online }: AvatarProps) {
  const url = usePictureUrl(seed, picture)
  return (
    <span
      aria-hidden="true"
      className={classNames(styles.avatar, styles[`size${size}`], square === true && styles.square)}
      style={{ '--h': hueOf(seed) }}
    >
      {url === undefined ? (
        <span className={styles.initials}>{initialsOf(name)}</span>
      ) : (
        <img src={url} alt="" className={styles.picture} draggable={false} />
      )}
      {online === true && <span className={styles.online} />}
    </span>
  )
}
