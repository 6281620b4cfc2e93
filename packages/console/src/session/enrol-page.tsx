/** Behind the link that an operator gets: the account becomes his. */
import { Alert, Button, Group, Paper, PasswordInput, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ServerRefusal } from '../server/asking.ts';
import { type EnrolmentSecret, useEnrolment, useFinishEnrolment } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { CodeInput } from './code-input.tsx';
import { QrCode } from './qr-code.tsx';

const SHORTEST_PASSWORD = 12;

export function EnrolPage() {
  const token = useLocation().hash.slice(1);
  const enrolment = useEnrolment(token);
  if (enrolment.isPending) return <Skeleton height={320} />;
  if (enrolment.isError) {
    const isGone = enrolment.error instanceof ServerRefusal && [400, 404].includes(enrolment.error.status);
    return (
      <>
        <PageHead title={texts.session.enrolTitle} />
        {isGone ? (
          <Alert color="red" title={texts.session.linkGone}>
            {texts.session.linkGoneWhat}
          </Alert>
        ) : (
          <ErrorNote error={enrolment.error} again={() => enrolment.refetch()} />
        )}
      </>
    );
  }
  return (
    <>
      <PageHead title={texts.session.enrolTitle} what={texts.session.enrolWhat(enrolment.data.name)} />
      <Group align="flex-start" gap="lg">
        <AppCard enrolment={enrolment.data} />
        <EnrolForm token={token} name={enrolment.data.name} />
      </Group>
    </>
  );
}

function AppCard({ enrolment: { uri, secret } }: { readonly enrolment: EnrolmentSecret }) {
  return (
    <Paper withBorder p="md" maw={360}>
      <Stack align="flex-start">
        <Title order={3} size="h4">
          {texts.session.app}
        </Title>
        <Text size="sm">{texts.session.appWhat}</Text>
        <QrCode content={uri} label={texts.session.qrCode} />
        <Text size="sm">
          {texts.session.secret}{' '}
          <span className="mono" data-testid="secret">
            {secret}
          </span>
        </Text>
        <CopyButton content={() => secret} />
      </Stack>
    </Paper>
  );
}

function EnrolForm({ token, name }: { readonly token: string; readonly name: string }) {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [code, setCode] = useState('');
  const finish = useFinishEnrolment(token);
  const goTo = useNavigate();
  const isUnlike = repeated !== '' && repeated !== password;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isUnlike) return;
    finish.mutate({ password, code }, { onSuccess: () => goTo('/', { replace: true }), onError: () => setCode('') });
  };
  return (
    <Paper withBorder p="md" maw={400} flex={1} miw={280}>
      <form onSubmit={submit}>
        <Stack>
          {finish.isError && (
            <Alert color="red" role="alert">
              {finish.error.message}
            </Alert>
          )}
          <TextInput label={texts.session.name} name="username" autoComplete="username" value={name} readOnly />
          <PasswordInput
            label={texts.session.choose}
            description={texts.session.chooseWhat}
            name="new-password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={SHORTEST_PASSWORD}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordInput
            label={texts.session.repeat}
            name="new-password-again"
            autoComplete="new-password"
            required
            withAsterisk={false}
            maxLength={256}
            value={repeated}
            onChange={(event) => setRepeated(event.currentTarget.value)}
            error={isUnlike && texts.session.notAlike}
          />
          <CodeInput label={texts.session.code} description={texts.session.codeOfApp} value={code} onChange={setCode} />
          <Button type="submit" loading={finish.isPending}>
            {texts.session.finish}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
