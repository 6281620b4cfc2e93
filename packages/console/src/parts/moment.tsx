interface Props {
  /** Epoch milliseconds. */
  readonly at: number;
}

const inZone = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time in the zone of whoever looks at it; in UTC when pointed at. */
export function Moment({ at }: Props) {
  const utc = new Date(at).toISOString();
  return (
    <time dateTime={utc} title={utc}>
      {inZone.format(at)}
    </time>
  );
}
