/** The trust anchors for the console, whole: it judges the chains of a message by them. */
import { type Route, route } from '../../http/route.ts';
import type { RootCertificatePool } from '../../rcp/root-certificate-pool.ts';

export function rootAdminRoutes({ rcp }: { readonly rcp: Pick<RootCertificatePool, 'list'> }): Route[] {
  return [
    route('GET', '/admin/v1/roots', {
      operation: 'adminListRoots',
      summary: 'Lists the roots with their certificates, in the order in which they were added',
      handle: async () => {
        const roots = await rcp.list();
        const items = roots.map(({ id, certificate, types, ctlList, addedAt }) => ({
          id,
          types,
          ctlList,
          addedAt: new Date(addedAt).toISOString(),
          certificate: Buffer.from(certificate.der).toString('base64'),
        }));
        return { status: 200, body: { items } };
      },
    }),
  ];
}
