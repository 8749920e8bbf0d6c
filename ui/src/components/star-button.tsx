import { Star } from 'lucide-react'
import { type EntityRef, printRef } from '../api/ref'
import { useStars } from '../api/stars'
import { IconButton } from '../ui/icon-button'
import styles from './star-button.module.css'

/** Keeps an entity among those that somebody starred, or takes it out. */
export function StarButton({
  entityRef,
  title,
  small = false,
}: {
  entityRef: EntityRef
  title: string
  small?: boolean
}) {
  const { isStarred, star, unstar } = useStars()
  const ref = printRef(entityRef)
  const isPressed = isStarred(ref)
  return (
    <IconButton
      label={`Star ${title}`}
      title={isPressed ? 'Remove the star' : 'Star'}
      aria-pressed={isPressed}
      className={`${styles.star} ${small ? styles.small : ''}`}
      onClick={() => (isPressed ? unstar(ref) : star(ref))}
    >
      <Star size={small ? 15 : 17} strokeWidth={1.75} aria-hidden="true" />
    </IconButton>
  )
}
