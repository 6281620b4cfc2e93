/** A certificate is pasted or chosen, looked at, and then trusted. */
import { Alert, Button, Checkbox, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import {
  type Certificate,
  CertificateError,
  commonNameOf,
  DerError,
  formatName,
  fromPem,
  readCertificate,
} from '@plugpool/iso15118';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ChainPicture } from '../parts/chain-picture.tsx';
import { DialogButton } from '../parts/dialog-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { ProposedNote } from '../parts/proposed-note.tsx';
import { ask, isProposed } from '../server/asking.ts';
import { texts } from '../texts/texts.ts';

export function AddRoot() {
  return <DialogButton label={texts.roots.add}>{(close) => <AddRootForm close={close} />}</DialogButton>;
}

function AddRootForm({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('');
  const [types, setTypes] = useState<string[]>([]);
  const queries = useQueryClient();
  const found = useMemo(() => certificateIn(text), [text]);
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: (certificate: Certificate) =>
      ask('/admin/v1/roots', {
        method: 'POST',
        body: { certificate: Buffer.from(certificate.der).toString('base64'), types },
      }),
    onSuccess: async (answer) => {
      if (isProposed(answer)) return;
      close();
      await queries.invalidateQueries();
    },
  });
  const certificate = found instanceof Error ? undefined : found;
  return (
    <Stack>
      <Textarea
        label={texts.roots.paste}
        description={texts.roots.addWhat}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
        rows={6}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-autofocus
        {...(found instanceof Error && { error: `${texts.roots.unreadable}: ${found.message}` })}
      />
      <Group>
        <FileButton
          onChange={async (file) => {
            if (file !== null) setText(textOf(new Uint8Array(await file.arrayBuffer())));
          }}
        >
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              {texts.roots.choose}
            </Button>
          )}
        </FileButton>
      </Group>
      {certificate !== undefined && <Preview certificate={certificate} />}
      <Checkbox.Group label={texts.roots.addTypes} value={types} onChange={setTypes}>
        <Stack gap="xs" mt="xs">
          {Object.entries(texts.roots.typeWords).map(([type, words]) => (
            <Checkbox key={type} value={type} label={words} />
          ))}
        </Stack>
      </Checkbox.Group>
      {error !== null && certificate !== undefined && <ErrorNote error={error} again={() => mutate(certificate)} />}
      {isProposed(data) && <ProposedNote proposed={data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {texts.pools.cancel}
        </Button>
        <Button
          disabled={certificate === undefined || types.length === 0 || isProposed(data)}
          loading={isPending}
          onClick={() => certificate !== undefined && mutate(certificate)}
        >
          {texts.roots.addIt}
        </Button>
      </Group>
    </Stack>
  );
}

function Preview({ certificate }: { readonly certificate: Certificate }) {
  const isSelfIssued = formatName(certificate.subject) === formatName(certificate.issuer);
  if (isSelfIssued) return <ChainPicture links={[]} root={certificate} />;
  return (
    <Alert title={commonNameOf(certificate.subject) ?? formatName(certificate.subject)}>
      <Text size="sm">{texts.certificate.signerUnknown(formatName(certificate.issuer))}</Text>
    </Alert>
  );
}

/** Undefined while there is nothing to read. */
function certificateIn(text: string): Certificate | Error | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  try {
    const der = trimmed.includes('-----BEGIN') ? fromPem(trimmed, 'CERTIFICATE') : Buffer.from(trimmed, 'base64');
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError || error instanceof DerError) return error;
    throw error;
  }
}

/** A file is PEM, or DER as it is. */
function textOf(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('latin1');
  return text.includes('-----BEGIN') ? text : Buffer.from(octets).toString('base64');
}
