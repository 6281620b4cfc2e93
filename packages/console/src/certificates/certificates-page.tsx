/** What our CAs issued, looked for by what is in hand; charging stations are in no pool, and are found here. */
import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Icon } from '../app/icons.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { KnownChain } from '../pools/known-chain.tsx';
import { type IssuedCertificate, useIssued } from '../server/certificates.ts';
import { texts } from '../texts/texts.ts';

export function CertificatesPage() {
  const [params, setParams] = useSearchParams();
  const search = params.get('search') ?? '';
  const { title, what } = texts.certificates;
  return (
    <>
      <PageHead title={title} what={what} />
      <SearchForm search={search} find={(text) => setParams(text === '' ? {} : { search: text })} />
      {search === '' ? <Text className="quiet">{texts.certificates.hint}</Text> : <Found search={search} />}
    </>
  );
}

function SearchForm({ search, find }: { readonly search: string; readonly find: (text: string) => void }) {
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    find(typed.trim());
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="end" mb="lg">
          <TextInput
            type="search"
            label={texts.certificates.search}
            description={texts.certificates.searchWhat}
            leftSection={<Icon name="search" />}
            value={typed}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            flex="1 1 18rem"
            maw="44rem"
          />
          <Button type="submit">{texts.certificates.find}</Button>
        </Group>
      </form>
    </search>
  );
}

function Found({ search }: { readonly search: string }) {
  const issued = useIssued(search);
  if (issued.isPending) return <Skeleton height={200} />;
  if (issued.isError) return <ErrorNote error={issued.error} again={() => issued.refetch()} />;
  if (issued.data.length === 0) {
    return <Alert title={texts.certificates.none}>{texts.certificates.noneWhat}</Alert>;
  }
  return (
    <Stack maw="44rem">
      {issued.data.map((each) => (
        <Issued key={each.certificate.fingerprint} issued={each} />
      ))}
    </Stack>
  );
}

function Issued({ issued }: { readonly issued: IssuedCertificate }) {
  return (
    <section>
      <Text size="sm" mb={6}>
        {texts.certificates.issuedBy(issued.authority)}, <Moment at={Date.parse(issued.issuedAt)} />
      </Text>
      <KnownChain chain={[issued]} isAlone />
    </section>
  );
}
