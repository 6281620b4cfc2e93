import { Alert, Anchor, Badge, Group, Paper, Skeleton, Stack, Title } from '@mantine/core';
import { type Certificate, commonNameOf, formatName } from '@plugpool/iso15118';
import { Link, useNavigate, useParams } from 'react-router';
import { Timeline } from '../history/timeline.tsx';
import { ChainPicture } from '../parts/chain-picture.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { CertificateActions } from '../pools/known-chain.tsx';
import classes from '../pools/pools.module.css';
import { ask } from '../server/asking.ts';
import { type Root, useRoots } from '../server/roots.ts';
import { texts } from '../texts/texts.ts';

export function RootPage() {
  const { id = '' } = useParams();
  const roots = useRoots();
  if (roots.isError) return <ErrorNote error={roots.error} again={() => roots.refetch()} />;
  if (roots.isPending) return <Skeleton height={480} />;
  const root = roots.data.find((each) => each.id === id);
  return root === undefined ? <Missing /> : <RootDetail root={root} />;
}

function Missing() {
  return (
    <>
      <PageHead title={texts.roots.title} />
      <Alert title={texts.roots.missing}>
        {texts.roots.missingWhat}{' '}
        <Anchor component={Link} to="/roots" underline="always">
          {texts.roots.all}
        </Anchor>
      </Alert>
    </>
  );
}

function RootDetail({ root: { id, certificate, types, ctlList, addedAt } }: { readonly root: Root }) {
  const name = nameOf(certificate);
  return (
    <>
      <PageHead title={name}>
        <RemoveButton id={id} name={name} />
      </PageHead>
      <div className={classes['detail']}>
        <Stack>
          <Paper withBorder p="md" component="section">
            <Title order={3} size="h4" mb="sm">
              {texts.roots.certificate}
            </Title>
            <Facts
              facts={[
                [
                  texts.roots.types,
                  <Group key="types" gap={4}>
                    {types.map((type) => (
                      <Badge key={type} variant="default" tt="none">
                        {texts.roots.typeWords[type] ?? type}
                      </Badge>
                    ))}
                  </Group>,
                ],
                [texts.roots.added, <Moment key="at" at={Date.parse(addedAt)} />],
                ...(ctlList.length === 0 ? [] : [[texts.roots.trustLists, ctlList.join(', ')] as const]),
                [texts.roots.subject, formatName(certificate.subject)],
                [
                  texts.roots.keyIdentifier,
                  <span key="ski" className="mono">
                    {keyIdentifierOf(certificate)}
                  </span>,
                ],
                [
                  texts.certificate.serial,
                  <span key="serial" className="mono">
                    {certificate.serialHex}
                  </span>,
                ],
                [
                  texts.certificate.fingerprint,
                  <span key="sha" className="mono">
                    {certificate.fingerprint}
                  </span>,
                ],
              ]}
            />
          </Paper>
          <ChainPicture links={[]} root={certificate} actions={(shown) => <CertificateActions certificate={shown} />} />
        </Stack>
        <Timeline of={`roots/${id}`} about={certificate.fingerprint} />
      </div>
    </>
  );
}

function RemoveButton({ id, name }: { readonly id: string; readonly name: string }) {
  const navigate = useNavigate();
  return (
    <ConfirmButton
      label={texts.roots.remove}
      title={texts.roots.removeTitle}
      what={texts.roots.removeWhat(name)}
      isFinal
      action={() => ask(`/admin/v1/roots/${id}`, { method: 'DELETE' })}
      done={() => navigate('/roots')}
    />
  );
}

function nameOf({ subject }: Certificate): string {
  return commonNameOf(subject) ?? formatName(subject);
}

function keyIdentifierOf({ subjectKeyIdentifier = new Uint8Array() }: Certificate): string {
  return Buffer.from(subjectKeyIdentifier).toString('hex');
}
