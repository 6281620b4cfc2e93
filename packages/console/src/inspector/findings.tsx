/** The verdict on a message: the sentence that counts first, then signature, chains, and everything else found. */
import { Alert, Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { commonNameOf, type InspectedSignature, type Inspection } from '@plugpool/iso15118';
import { Icon } from '../app/icons.tsx';
import { ChainPicture } from '../parts/chain-picture.tsx';
import { texts } from '../texts/texts.ts';
import classes from './inspector.module.css';

interface VerdictProps {
  readonly inspection: Inspection;
  readonly octets: number;
  readonly payloadType: number | undefined;
  /** Nothing is called good as long as the roots are not known that its chains have to end at. */
  readonly awaitsRoots: boolean;
}

export function Verdict({ inspection, octets, payloadType, awaitsRoots }: VerdictProps) {
  const { title, schema, message, problems } = inspection;
  const [first, ...more] = problems;
  const isGood = first === undefined && !awaitsRoots;
  const behind =
    payloadType === undefined ? '' : `, ${texts.inspector.v2gtp(payloadType.toString(16).padStart(4, '0'))}`;
  return (
    <Alert
      color={first === undefined ? 'current' : message === undefined ? 'red' : 'yellow'}
      title={title ?? message?.root ?? texts.inspector.nothingFound}
      icon={<Icon name={isGood ? 'good' : 'open'} />}
    >
      <Text size="sm" className="quiet">
        {texts.inspector.octets(octets, schema)}
        {behind}
      </Text>
      <Text mt={4} data-testid="verdict">
        {isGood ? texts.inspector.good : first === undefined ? texts.inspector.rootsAwaited : sentence(first.text)}
      </Text>
      {more.length > 0 && <Text size="sm">{texts.inspector.more(more.length)}</Text>}
    </Alert>
  );
}

/** Rooms say things in lower case, as they stand behind a colon elsewhere. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function SignatureVerdict({ signature }: { readonly signature: InspectedSignature }) {
  const { valid, signer, references } = signature;
  const word = valid === null ? texts.inspector.notVerified : valid ? texts.inspector.valid : texts.inspector.notValid;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {texts.inspector.signature}
        </Title>
        <Badge
          variant="outline"
          size="lg"
          data-testid="signature"
          color={valid === true ? 'current' : valid === null ? 'yellow.9' : 'red.8'}
        >
          {word}
        </Badge>
      </Group>
      <Text size="sm">
        {texts.inspector.signer}{' '}
        <span className="mono">
          {signer === null ? texts.inspector.unknownSigner : (commonNameOf(signer.subject) ?? signer.fingerprint)}
        </span>
      </Text>
      <List size="sm" mt="xs" listStyleType="none">
        {references.map(({ uri, element, valid: holds }) => (
          <List.Item key={uri} icon={<Icon name={holds ? 'good' : 'bad'} size={16} />}>
            <span className="mono">{uri}</span> {element}:{' '}
            {holds ? texts.inspector.digestHolds : texts.inspector.digestFails}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

export function Chains({ chains }: { readonly chains: Inspection['chains'] }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {texts.inspector.chains}
      </Title>
      <div className={classes['chains']}>
        {chains.map(({ element, certificates, root }, index) => (
          <div key={`${element} ${index}`}>
            <Text size="sm" fw={600} mb={6}>
              {element}
            </Text>
            <ChainPicture links={certificates} root={root} />
          </div>
        ))}
      </div>
    </Stack>
  );
}

export function Problems({ problems }: { readonly problems: Inspection['problems'] }) {
  return (
    <Paper withBorder p="md">
      <Title order={3} size="h4" mb="xs">
        {texts.inspector.problems}
      </Title>
      <List size="sm" spacing="xs">
        {problems.map(({ code, text }) => (
          <List.Item key={`${code} ${text}`}>
            <span className="mono quiet">{code}</span> {sentence(text)}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
