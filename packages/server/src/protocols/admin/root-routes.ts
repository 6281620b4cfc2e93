/** The trust anchors for the console, whole: it judges the chains of a message by them. */
import { Type } from 'typebox';
import { type Route, route } from '../../http/route.ts';
import type { RootCertificatePool } from '../../rcp/root-certificate-pool.ts';

const Root = Type.Object(
  {
    id: Type.String(),
    types: Type.Array(Type.String()),
    ctlList: Type.Array(Type.String()),
    addedAt: Type.String({ format: 'date-time' }),
    certificate: Type.String({ description: 'Base64 of the DER.' }),
  },
  { title: 'Root' },
);

export function rootAdminRoutes({ rcp }: { readonly rcp: Pick<RootCertificatePool, 'list'> }): Route[] {
  return [
    route('GET', '/admin/v1/roots', {
      operation: 'adminListRoots',
      summary: 'Lists the roots with their certificates, in the order in which they were added',
      answers: { 200: Type.Object({ items: Type.Array(Root) }) },
      handle: async () => {
        const roots = await rcp.list();
        const items = roots.map(({ id, certificate, types, ctlList, addedAt }) => ({
          id,
          types: [...types],
          ctlList: [...ctlList],
          addedAt: new Date(addedAt).toISOString(),
          certificate: Buffer.from(certificate.der).toString('base64'),
        }));
        return { status: 200, body: { items } };
      },
    }),
  ];
}
