/** Counts over time as columns; each tells its own when pointed at, the whole what its label says. */
import classes from './column-chart.module.css';

interface Props {
  /** What the picture shows, in a sentence. */
  readonly label: string;
  readonly columns: readonly { readonly label: string; readonly value: number }[];
  readonly tone?: 'good' | 'bad';
}

const HEIGHT = 48;
const WIDTH = 10;
const GAP = 2;

export function ColumnChart({ label, columns, tone = 'good' }: Props) {
  const most = Math.max(1, ...columns.map(({ value }) => value));
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes['chart']}
      viewBox={`0 0 ${columns.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
    >
      {columns.map(({ label: when, value }, at) => {
        // One among thousands is still seen.
        const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 2));
        return (
          <g key={when}>
            <rect className={classes['slot']} x={at * WIDTH} width={WIDTH} height={HEIGHT}>
              <title>{`${when}: ${value}`}</title>
            </rect>
            <rect
              className={classes['column']}
              data-tone={tone}
              x={at * WIDTH + GAP / 2}
              y={HEIGHT - 1 - height}
              width={WIDTH - GAP}
              height={height}
              pointerEvents="none"
            />
          </g>
        );
      })}
      <line className={classes['ground']} x1={0} x2={columns.length * WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
    </svg>
  );
}
