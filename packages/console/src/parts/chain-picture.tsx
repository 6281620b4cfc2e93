/** A certificate chain from root to leaf: who signed whom, and until when each is valid. */
import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { type Certificate, commonNameOf, formatName } from '@plugpool/iso15118';
import type { ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';
import classes from './chain-picture.module.css';
import { Moment } from './moment.tsx';

export interface ChainLink {
  readonly position: string;
  readonly certificate: Certificate;
  /** Whether the one above it signed it; `null` when that one is not known. */
  readonly signedByIssuer: boolean | null;
  /** When the CA that issued it took it back (epoch milliseconds). */
  readonly revokedAt?: number;
}

interface Props {
  /** Leaf first. */
  readonly links: readonly ChainLink[];
  readonly root: Certificate | null;
  /** No chain but one certificate, with nothing said of what is above it. */
  readonly isAlone?: boolean;
  /** What can be done with each. */
  readonly actions?: (certificate: Certificate) => ReactNode;
}

export function ChainPicture({ links, root, isAlone = false, actions }: Props) {
  return (
    <ol className={classes['chain']}>
      {root === null && !isAlone && (
        <li className={classes['unknown']}>
          <Text size="sm" className="quiet">
            {texts.certificate.unknownRoot}
          </Text>
        </li>
      )}
      {root !== null && (
        <Link position={texts.certificate.root} certificate={root} signedByIssuer={null} actions={actions} isRoot />
      )}
      {links.toReversed().map((link) => (
        <Link key={link.certificate.fingerprint} {...link} actions={actions} />
      ))}
    </ol>
  );
}

interface LinkProps extends ChainLink {
  readonly isRoot?: boolean;
  readonly actions: Props['actions'] | undefined;
}

function Link({ position, certificate, signedByIssuer, revokedAt, isRoot = false, actions }: LinkProps) {
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
          <Validity {...certificate} isRevoked={revokedAt !== undefined} />
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
        {revokedAt !== undefined && (
          <Text size="xs" mt={2}>
            {texts.certificate.revokedAt} <Moment at={revokedAt} />
          </Text>
        )}
        {actions !== undefined && (
          <Group gap={6} mt="xs">
            {actions(certificate)}
          </Group>
        )}
      </Paper>
    </li>
  );
}

function signing(issuer: string, signed: boolean | null): string {
  if (signed === null) return texts.certificate.signerUnknown(issuer);
  return signed ? texts.certificate.signedBy(issuer) : texts.certificate.notSignedBy(issuer);
}

interface ValidityProps extends Pick<Certificate, 'notBefore' | 'notAfter'> {
  readonly isRevoked?: boolean;
}

export function Validity({ notBefore, notAfter, isRevoked = false }: ValidityProps) {
  const now = Date.now();
  if (isRevoked)
    return (
      <Badge color="red.8" variant="outline">
        {texts.certificate.revoked}
      </Badge>
    );
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
