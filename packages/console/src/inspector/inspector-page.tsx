import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { type ExiInput, exiInputOf, inspect, messageInText, piecesOf } from '@plugpool/iso15118';
import { useMemo, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { CopyButton } from '../parts/copy-button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useRoots } from '../server/roots.ts';
import { texts } from '../texts/texts.ts';
import { FieldTree } from './field-tree.tsx';
import { Chains, Problems, SignatureVerdict, Verdict } from './findings.tsx';
import classes from './inspector.module.css';
import { fragmentOf, octetsInFragment } from './message-in-link.ts';
import { MessageInput } from './message-input.tsx';
import { OctetView } from './octet-view.tsx';
import { type Row, rowAt, rowsOf } from './rows.ts';

/** What is looked at stands behind the # of the address: a copied address shows the same. */
export function InspectorPage() {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const linked = useMemo(() => octetsInFragment(hash), [hash]);
  const [text, setText] = useState(() => (linked === undefined ? '' : Buffer.from(linked).toString('base64')));
  const show = (octets: Uint8Array | undefined) =>
    navigate({ hash: octets === undefined ? '' : fragmentOf(octets) }, { replace: true });
  const read = (given: string) => {
    setText(given);
    const found = messageInText(given);
    void show(found && octetsOf(found));
  };
  const readOctets = (octets: Uint8Array) => {
    // A file may hold the message, or text that has it.
    const isBinary = octets[0] === 0x80 || (octets[0] === 0x01 && octets[1] === 0xfe);
    if (!isBinary) return read(new TextDecoder().decode(octets));
    setText(Buffer.from(octets).toString('base64'));
    return void show(octets);
  };
  return (
    <>
      <PageHead title={texts.inspector.title} what={texts.inspector.what}>
        {linked !== undefined && <CopyButton icon="link" label={texts.inspector.link} content={() => location.href} />}
      </PageHead>
      <Stack>
        <MessageInput text={text} onText={read} onOctets={readOctets} />
        {linked === undefined ? <Nothing isGiven={text.trim() !== ''} /> : <Inspected key={hash} octets={linked} />}
      </Stack>
    </>
  );
}

/** With the V2GTP header, which is looked at as well. */
function octetsOf({ exi, v2gtp }: ExiInput): Uint8Array {
  if (v2gtp === undefined) return exi;
  return new Uint8Array(exi.buffer, exi.byteOffset - headerSize, exi.length + headerSize);
}

const headerSize = 8;

function Nothing({ isGiven }: { readonly isGiven: boolean }) {
  if (!isGiven) return <Text className="quiet">{texts.inspector.empty}</Text>;
  return (
    <Alert color="yellow" title={texts.inspector.nothingFound}>
      {texts.inspector.nothingFoundWhat}
    </Alert>
  );
}

function Inspected({ octets }: { readonly octets: Uint8Array }) {
  const roots = useRoots();
  const [lit, setLit] = useState<Row>();
  const { exi, v2gtp } = useMemo(() => exiInputOf(octets), [octets]);
  const inspection = useMemo(() => {
    const anchors = (roots.data ?? []).map(({ certificate }) => certificate);
    return inspect({ exi, v2gtp }, { at: Date.now(), roots: anchors, signer: undefined });
  }, [exi, v2gtp, roots.data]);
  const { schema, kind, singleType, signature, chains, problems } = inspection;
  const rows = useMemo(() => rowsOf(piecesOf({ schema, kind, singleType }, exi)), [schema, kind, singleType, exi]);
  return (
    <>
      <Verdict
        inspection={inspection}
        octets={exi.length}
        payloadType={v2gtp?.payloadType}
        awaitsRoots={roots.isPending}
      />
      <div className={classes['halves']}>
        <Paper withBorder>
          <Title order={3} size="h4" p="sm">
            {texts.inspector.tree}
          </Title>
          <FieldTree rows={rows} lit={lit} light={setLit} />
        </Paper>
        <Paper withBorder>
          <Title order={3} size="h4" p="sm">
            {texts.inspector.bytes}
          </Title>
          <OctetView exi={exi} lit={lit} pointAt={(octet) => setLit(rowAt(rows, octet * 8))} />
        </Paper>
      </div>
      {signature !== null && <SignatureVerdict signature={signature} />}
      {problems.length > 0 && <Problems problems={problems} />}
      {chains.length > 0 && !roots.isPending && <Chains chains={chains} />}
      {roots.isError && <Text className="quiet">{texts.inspector.rootsUnknown}</Text>}
    </>
  );
}
