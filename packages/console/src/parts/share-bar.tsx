/** A number as a length; the number itself stands beside it, so readers of screens are told nothing here. */
import classes from './share-bar.module.css';

interface Props {
  readonly value: number;
  readonly most: number;
  readonly tone?: 'good' | 'soon' | 'bad';
}

export function ShareBar({ value, most, tone = 'good' }: Props) {
  const share = value === 0 ? 0 : Math.max(2, (100 * value) / Math.max(1, most));
  return (
    <svg aria-hidden="true" className={classes['bar']} viewBox="0 0 100 6" preserveAspectRatio="none" height={6}>
      <rect className={classes['ground']} width={100} height={6} rx={1} />
      <rect className={classes['share']} data-tone={tone} width={share} height={6} rx={1} />
    </svg>
  );
}
