/** The chain of something in a pool: who signed whom, looked at in the browser, and what our own CAs know of each. */
import { Button, Menu, NativeSelect } from '@mantine/core';
import { type Certificate, commonNameOf, isSignedBy, namesEqual, toPem } from '@plugpool/iso15118';
import { useMemo, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { type ChainLink, ChainPicture } from '../parts/chain-picture.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { saveFile } from '../parts/saved-file.ts';
import { ask } from '../server/asking.ts';
import type { KnownCertificate } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';

interface Props {
  /** Leaf first. */
  readonly chain: readonly KnownCertificate[];
  /** Nothing in it is revoked from here. */
  readonly isReadOnly?: boolean;
  /** A leaf by itself: that its issuer is not shown says nothing of it. */
  readonly isAlone?: boolean;
}

export function KnownChain({ chain, isReadOnly = false, isAlone = false }: Props) {
  const { links, root } = useMemo(() => linked(chain), [chain]);
  const [leaf] = chain;
  return (
    <ChainPicture
      links={links}
      root={root}
      isAlone={isAlone}
      actions={(certificate) => (
        <>
          <CertificateActions certificate={certificate} />
          {!isReadOnly && leaf?.certificate === certificate && leaf.issuedHere && leaf.revoked === undefined && (
            <RevokeButton certificate={certificate} />
          )}
        </>
      )}
    />
  );
}

function linked(chain: readonly KnownCertificate[]): { links: ChainLink[]; root: Certificate | null } {
  const last = chain.at(-1)?.certificate;
  const root = last !== undefined && chain.length > 1 && namesEqual(last.subject, last.issuer) ? last : null;
  const below = root === null ? chain : chain.slice(0, -1);
  const { leaf, subCa, subCa1, subCa2 } = texts.pools.positions;
  const positions = below.length === 3 ? [leaf, subCa2, subCa1] : [leaf, subCa];
  return {
    root,
    links: below.map(({ certificate, revoked }, index) => {
      const issuer = chain[index + 1]?.certificate;
      return {
        position: positions[index] ?? subCa,
        certificate,
        signedByIssuer: issuer === undefined ? null : isSignedBy(certificate, issuer),
        ...(revoked && { revokedAt: Date.parse(revoked.at) }),
      };
    }),
  };
}

/** Copy and download, in the forms that tools read. */
export function CertificateActions({ certificate }: { readonly certificate: Certificate }) {
  const { der, subject, fingerprint } = certificate;
  const name = commonNameOf(subject) ?? fingerprint;
  const pem = () => toPem('CERTIFICATE', der);
  return (
    <>
      <CopyButton label="PEM" content={pem} size="compact-xs" />
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button variant="default" size="compact-xs" leftSection={<Icon name="download" size={14} />}>
            {texts.pools.download}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => saveFile(`${name}.pem`, pem(), 'application/x-pem-file')}>PEM</Menu.Item>
          <Menu.Item onClick={() => saveFile(`${name}.cer`, der, 'application/pkix-cert')}>DER</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function RevokeButton({ certificate }: { readonly certificate: Certificate }) {
  const [reason, setReason] = useState('unspecified');
  const name = commonNameOf(certificate.subject) ?? certificate.fingerprint;
  return (
    <ConfirmButton
      label={texts.pools.revoke}
      title={texts.pools.revokeTitle}
      what={texts.pools.revokeWhat(name)}
      size="compact-xs"
      isFinal
      action={() =>
        ask(`/admin/v1/certificates/${certificate.fingerprint}/revoke`, { method: 'POST', body: { reason } })
      }
    >
      <NativeSelect
        label={texts.pools.reason}
        value={reason}
        onChange={({ currentTarget: { value } }) => setReason(value)}
        data={Object.entries(texts.pools.reasons).map(([value, label]) => ({ value, label }))}
      />
    </ConfirmButton>
  );
}
