import { Button, Group, NativeSelect, Paper, Text } from '@mantine/core';
import { type LifeDialect, lifeDialects, type Mode } from '@plugpool/client';
import type { Edition } from '@plugpool/iso15118';
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import type { LifeChoice } from './use-life.ts';

interface Props {
  readonly isPlaying: boolean;
  readonly play: (choice: LifeChoice, pausing: boolean) => void;
}

const editions: readonly Edition[] = ['ISO15118-2', 'ISO15118-20'];
const modes: readonly Mode[] = ['sign', 'generate'];

export function LifeForm({ isPlaying, play }: Props) {
  const [dialect, setDialect] = useState<LifeDialect>('opnc');
  const [edition, setEdition] = useState<Edition>('ISO15118-2');
  const [wantedMode, setMode] = useState<Mode>('sign');
  const generates = dialect !== 'quickstart';
  const mode = generates ? wantedMode : 'sign';
  const choice = { dialect, edition, mode };
  return (
    <Paper withBorder p="md">
      <Group align="flex-end">
        <NativeSelect
          label={texts.playground.dialect}
          value={dialect}
          onChange={({ currentTarget: { value } }) => setDialect(oneOf(lifeDialects, value))}
          data={lifeDialects.map((value) => ({ value, label: texts.playground.dialects[value] }))}
        />
        <NativeSelect
          label={texts.playground.edition}
          value={edition}
          onChange={({ currentTarget: { value } }) => setEdition(oneOf(editions, value))}
          data={editions.map((value) => ({ value, label: texts.playground.editions[value] }))}
        />
        <NativeSelect
          label={texts.playground.keys}
          value={mode}
          disabled={!generates}
          onChange={({ currentTarget: { value } }) => setMode(oneOf(modes, value))}
          data={modes.map((value) => ({ value, label: texts.playground.modes[value] }))}
        />
        <Button onClick={() => play(choice, false)} loading={isPlaying}>
          {texts.playground.play}
        </Button>
        <Button variant="default" onClick={() => play(choice, true)} disabled={isPlaying}>
          {texts.playground.playSteps}
        </Button>
      </Group>
      {!generates && (
        <Text size="sm" className="quiet" mt="xs">
          {texts.playground.noGeneration}
        </Text>
      )}
    </Paper>
  );
}

/** Options have no other values than these. */
function oneOf<T extends string>(values: readonly T[], given: string): T {
  const value = values.find((each) => each === given);
  if (value === undefined) throw new RangeError(`${given} is none of ${values.join(', ')}`);
  return value;
}
