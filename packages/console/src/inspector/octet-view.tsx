/** The octets of a message, sixteen a line, with the bits of one field lit. */
import { Text } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import { texts } from '../texts/texts.ts';
import classes from './inspector.module.css';
import type { Row } from './rows.ts';

const perLine = 16;
const mostBitsShown = 96;

interface Props {
  readonly exi: Uint8Array;
  readonly lit: Row | undefined;
  readonly pointAt: (octet: number) => void;
}

export function OctetView({ exi, lit, pointAt }: Props) {
  const view = useRef<HTMLDivElement>(null);
  const from = lit?.bitOffset ?? 0;
  const to = from + (lit?.bitLength ?? 0);
  useEffect(() => {
    const box = view.current;
    const line = box?.querySelector<HTMLElement>(`[data-line="${Math.floor((from >>> 3) / perLine)}"]`);
    if (!box || !line || box.matches(':hover')) return;
    const top = line.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + line.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top - box.clientHeight / 3;
    }
  }, [from]);
  const lines = Array.from({ length: Math.ceil(exi.length / perLine) }, (_, line) => line);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section ref={view} className={classes['bytes']} aria-label={texts.inspector.bytes} tabIndex={0}>
        {lines.map((line) => {
          const first = line * perLine * 8;
          const isTouched = to > first && from < first + perLine * 8;
          return (
            <Line
              key={line}
              line={line}
              exi={exi}
              from={isTouched ? from : -1}
              to={isTouched ? to : -1}
              pointAt={pointAt}
            />
          );
        })}
      </section>
      <div className={classes['bits']}>
        <Text size="sm">
          {lit === undefined ? texts.inspector.hint : texts.inspector.place(from >>> 3, from & 7, to - from)}
        </Text>
        {lit !== undefined && (
          <Text size="sm" className="mono quiet">
            {bitsOf(exi, from, Math.min(to, from + mostBitsShown))}
            {to > from + mostBitsShown ? '…' : ''}
          </Text>
        )}
      </div>
    </>
  );
}

interface LineProps {
  readonly line: number;
  readonly exi: Uint8Array;
  /** Bits that are lit; -1 when none of this line is. */
  readonly from: number;
  readonly to: number;
  readonly pointAt: (octet: number) => void;
}

const Line = memo(function Line({ line, exi, from, to, pointAt }: LineProps) {
  const octets = [...exi.subarray(line * perLine, (line + 1) * perLine)];
  return (
    <div className={classes['line']} data-line={line}>
      <span className={classes['offset']}>{(line * perLine).toString(16).padStart(4, '0')}</span>
      {octets.map((octet, at) => {
        const place = line * perLine + at;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the tree beside it does the same by keyboard
          <span
            key={place}
            className={classes['octet']}
            data-lit={litness(place * 8, from, to)}
            onMouseEnter={() => pointAt(place)}
          >
            {octet.toString(16).padStart(2, '0')}
          </span>
        );
      })}
    </div>
  );
});

function litness(bit: number, from: number, to: number): 'whole' | 'part' | undefined {
  if (from <= bit && bit + 8 <= to) return 'whole';
  return bit < to && from < bit + 8 ? 'part' : undefined;
}

/** In groups of the octets that they stand in. */
function bitsOf(exi: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let bit = from; bit < to; bit++) {
    if (bit > from && (bit & 7) === 0) text += ' ';
    text += ((exi[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
  }
  return text;
}
