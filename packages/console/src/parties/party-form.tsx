/** What a party is and what is its own, for a new one and for one that changes. */
import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { ErrorNote } from '../parts/error-note.tsx';
import {
  IDENTIFIER_KINDS,
  identifierKinds,
  type MoPki,
  type PartyFields,
  ROLES,
  type Role,
} from '../server/parties.ts';
import { texts } from '../texts/texts.ts';
import { identifiersIn, identifiersOut } from './identifier-lists.ts';

interface Props {
  /** Undefined for a new one. */
  readonly before?: PartyFields;
  readonly submitLabel: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly submit: (fields: PartyFields, publicKey: string) => void;
  readonly cancel: () => void;
}

export function PartyForm({ before, submitLabel, isPending, error, submit, cancel }: Props) {
  const [name, setName] = useState(before?.name ?? '');
  const [roles, setRoles] = useState<readonly Role[]>(before?.roles ?? []);
  const [pki, setPki] = useState<MoPki>(before?.pki ?? 'both');
  const [publicKey, setPublicKey] = useState('');
  const [lists, setLists] = useState({
    wmi: identifiersOut(before?.wmi ?? []),
    providerId: identifiersOut(before?.providerId ?? []),
    operatorId: identifiersOut(before?.operatorId ?? []),
    cpsRoot: identifiersOut(before?.cpsRoot ?? []),
  });
  // Identifiers of a role that it does not have would never have an effect.
  const kinds = IDENTIFIER_KINDS.filter((kind) => roles.includes(identifierKinds[kind]));
  const send = () => {
    const own = (kind: (typeof IDENTIFIER_KINDS)[number]) => (kinds.includes(kind) ? identifiersIn(lists[kind]) : []);
    const identifiers = {
      wmi: own('wmi'),
      providerId: own('providerId'),
      operatorId: own('operatorId'),
      cpsRoot: own('cpsRoot'),
    };
    submit({ name: name.trim(), roles, pki, ...identifiers }, publicKey.trim());
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <TextInput
          label={texts.parties.name}
          maxLength={200}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
          data-autofocus
        />
        <Checkbox.Group
          label={texts.parties.roles}
          value={[...roles]}
          onChange={(values) => setRoles(ROLES.filter((role) => values.includes(role)))}
        >
          <Stack gap="xs" mt="xs">
            {ROLES.map((role) => (
              <Checkbox key={role} value={role} label={texts.parties.roleWords[role]} />
            ))}
          </Stack>
        </Checkbox.Group>
        {kinds.map((kind) => (
          <TextInput
            key={kind}
            label={texts.parties.identifiers[kind]}
            description={texts.parties.identifiersWhat[kind]}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            autoComplete="off"
            value={lists[kind]}
            onChange={({ currentTarget: { value } }) => setLists({ ...lists, [kind]: value })}
          />
        ))}
        {roles.includes('emsp') && <PkiChoice pki={pki} choose={setPki} />}
        {before === undefined && <PublicKeyField value={publicKey} change={setPublicKey} />}
        {error !== null && <ErrorNote error={error} again={send} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            {texts.pools.cancel}
          </Button>
          <Button type="submit" loading={isPending} disabled={roles.length === 0}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PkiChoice({ pki, choose }: { readonly pki: MoPki; readonly choose: (pki: MoPki) => void }) {
  const choices: readonly MoPki[] = ['both', 'own', 'ours'];
  return (
    <NativeSelect
      label={texts.parties.pki}
      value={pki}
      onChange={({ currentTarget: { value } }) => choose(choices.find((each) => each === value) ?? 'both')}
      data={choices.map((value) => ({ value, label: texts.parties.pkiWords[value] }))}
    />
  );
}

interface PublicKeyProps {
  readonly value: string;
  readonly change: (text: string) => void;
}

export function PublicKeyField({ value, change }: PublicKeyProps) {
  return (
    <Textarea
      label={texts.parties.publicKey}
      description={texts.parties.publicKeyWhat}
      rows={3}
      spellCheck={false}
      classNames={{ input: 'mono' }}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
