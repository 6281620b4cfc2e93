/** A certificate chain from root to leaf: who signed whom, and until when each is valid. */
import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { type Certificate, commonNameOf, formatName } from '@plugpool/iso15118';
import { Icon } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';
import classes from './chain-picture.module.css';
import { Moment } from './moment.tsx';

export interface ChainLink {
  readonly position: string;
  readonly certificate: Certificate;
  /** Whether the one above it signed it; `null` when that one is not known. */
  readonly signedByIssuer: boolean | null;
}

interface Props {
  /** Leaf first. */
  readonly links: readonly ChainLink[];
  readonly root: Certificate | null;
}

export function ChainPicture({ links, root }: Props) {
  return (
    <ol className={classes['chain']}>
      {root === null ? (
        <li className={classes['unknown']}>
          <Text size="sm" className="quiet">
            {texts.certificate.unknownRoot}
          </Text>
        </li>
      ) : (
        <Link position={texts.certificate.root} certificate={root} signedByIssuer={null} isRoot />
      )}
      {links.toReversed().map((link) => (
        <Link key={link.position} {...link} />
      ))}
    </ol>
  );
}

function Link({ position, certificate, signedByIssuer, isRoot = false }: ChainLink & { readonly isRoot?: boolean }) {
  const { subject, issuer, notAfter, publicKey, fingerprint, serialHex } = certificate;
  return (
    <li className={classes['link']} data-signed={isRoot ? 'root' : String(signedByIssuer)}>
      <Paper withBorder p="sm">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Stack gap={2}>
            <Text size="xs" className="quiet">
              {position}
            </Text>
            <Text fw={600} className="mono" title={formatName(subject)}>
              {commonNameOf(subject) ?? formatName(subject)}
            </Text>
          </Stack>
          <Validity certificate={certificate} />
        </Group>
        <Group gap={6} mt={6} wrap="nowrap" align="flex-start">
          <Icon
            name={isRoot || signedByIssuer === true ? 'good' : signedByIssuer === false ? 'bad' : 'open'}
            size={16}
          />
          <Text size="sm">
            {isRoot
              ? texts.certificate.selfSigned
              : signing(commonNameOf(issuer) ?? formatName(issuer), signedByIssuer)}
          </Text>
        </Group>
        <Text size="xs" className="quiet" mt={6}>
          {publicKey.curve}, {texts.certificate.validity} <Moment at={notAfter} />
        </Text>
        <Text size="xs" className="quiet mono" title={`${texts.certificate.serial} ${serialHex}`}>
          {texts.certificate.fingerprint} {fingerprint.slice(0, 16)}…
        </Text>
      </Paper>
    </li>
  );
}

function signing(issuer: string, signed: boolean | null): string {
  if (signed === null) return texts.certificate.signerUnknown(issuer);
  return signed ? texts.certificate.signedBy(issuer) : texts.certificate.notSignedBy(issuer);
}

export function Validity({ certificate: { notBefore, notAfter } }: { readonly certificate: Certificate }) {
  const now = Date.now();
  if (now < notBefore)
    return (
      <Badge color="yellow.9" variant="outline">
        {texts.certificate.early}
      </Badge>
    );
  // The last second of the validity belongs to it (RFC 5280 §4.1.2.5).
  if (now >= notAfter + 1000)
    return (
      <Badge color="red.8" variant="outline">
        {texts.certificate.expired}
      </Badge>
    );
  return (
    <Badge variant="outline" className={classes['valid'] ?? ''}>
      {texts.certificate.validNow}
    </Badge>
  );
}
