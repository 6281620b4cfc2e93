import { Alert, Anchor, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { issuerPath, type Session, useSignIn } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { CodeInput } from './code-input.tsx';

interface Props {
  readonly session: Session;
  /** What went wrong at the issuer. */
  readonly refused?: string | undefined;
  readonly entered?: () => void;
}

/** Name, password and code are asked for together: nobody learns which of them was wrong. */
export function SignInForm({ session: { issuer }, refused, entered = () => undefined }: Props) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const signIn = useSignIn();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate({ name, password, code }, { onSuccess: entered, onError: () => setCode('') });
  };
  const wrong = signIn.error?.message ?? refused;
  return (
    <Stack maw={360} w="100%">
      {wrong !== undefined && (
        <Alert color="red" role="alert">
          {wrong}
        </Alert>
      )}
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.session.name}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <PasswordInput
            label={texts.session.password}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <CodeInput label={texts.session.code} description={texts.session.codeWhat} value={code} onChange={setCode} />
          <Button type="submit" loading={signIn.isPending}>
            {texts.session.enter}
          </Button>
        </Stack>
      </form>
      {issuer !== null && (
        <>
          <Divider label={texts.session.or} />
          <Anchor href={issuerPath()} underline="always" ta="center">
            {texts.session.atIssuer(issuer.name)}
          </Anchor>
        </>
      )}
      <Text size="sm" className="quiet">
        {texts.session.noAccount}
      </Text>
    </Stack>
  );
}
