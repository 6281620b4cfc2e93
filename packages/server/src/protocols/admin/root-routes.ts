/** The Root Certificate Pool for operators. The list has the certificates whole: the console judges chains by them. */
import type { Static } from 'typebox';
import { ProposedShape, proposedAnswer } from '../../dialects/proposal.ts';
import { certificateField } from '../../dialects/request-fields.ts';
import { base64 } from '../../dialects/response-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { ROOT_TYPES, type RootCertificate } from '../../rcp/root-certificate.ts';
import { positionField } from './cursor.ts';
import { limitField, pageAnswer, pageFields } from './listing-fields.ts';
import { HistoryPage, historyAnswer } from './pool-shapes.ts';

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

const RootPath = Type.Object({ id: Type.String() });
const NewRootBody = Type.Object({
  certificate: Type.String({ description: 'PEM, or base64 of the DER.' }),
  types: Type.Array(Type.Enum([...ROOT_TYPES]), { minItems: 1, description: 'What chains may end there.' }),
  ctlList: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 })),
});

export function rootAdminRoutes({
  rcp,
  approvals,
  history,
}: Pick<Ecosystem, 'rcp' | 'approvals' | 'history'>): Route[] {
  return [
    route('GET', '/admin/v1/roots', {
      operation: 'adminListRoots',
      summary: 'Lists the roots with their certificates, in the order in which they were added',
      answers: { 200: Type.Object({ items: Type.Array(Root) }) },
      handle: async () => ({ status: 200, body: { items: (await rcp.list()).map(rootAnswer) } }),
    }),

    route('GET', '/admin/v1/roots/:id', {
      operation: 'adminGetRoot',
      summary: 'Gets one root with its certificate',
      params: RootPath,
      answers: { 200: Root },
      refusals: ['root-not-found'],
      handle: async ({ params }) => ({ status: 200, body: rootAnswer(await rcp.get(params.id)) }),
    }),

    route('GET', '/admin/v1/roots/:id/history', {
      operation: 'adminReadRootHistory',
      summary: 'Reads what became of a root, the latest first',
      params: RootPath,
      query: Type.Object(pageFields),
      answers: { 200: HistoryPage },
      refusals: ['root-not-found', 'field-invalid'],
      handle: async ({ params, query: { cursor, limit } }) => {
        const { id, certificate } = await rcp.get(params.id);
        const page = await history.page({
          objects: [certificate.fingerprint],
          events: { object: id },
          after: positionField(cursor)?.after,
          limit: limitField(limit),
        });
        const { items, ...next } = pageAnswer(page);
        return { status: 200, body: { items: items.map(historyAnswer), ...next } };
      },
    }),

    route('POST', '/admin/v1/roots', {
      operation: 'adminAddRoot',
      summary: 'Adds a root, or gives one that is there further types',
      body: NewRootBody,
      answers: { 200: Root, 202: ProposedShape },
      refusals: ['certificate-format', 'certificate-refused'],
      handle: async ({ body: { certificate, types, ctlList } }) => {
        const { der } = certificateField(certificate.trim(), 'certificate');
        const order = { certificate: base64(der), types, ctlList: ctlList ?? [] };
        const added = await approvals.perform('root.add', order);
        if ('proposed' in added) return proposedAnswer(added.proposed);
        return { status: 200, body: rootAnswer(added.done) };
      },
    }),

    route('DELETE', '/admin/v1/roots/:id', {
      operation: 'adminRemoveRoot',
      summary: 'Removes a root: chains that end there are refused from then on',
      params: RootPath,
      answers: { 204: null, 202: ProposedShape },
      refusals: ['root-not-found'],
      handle: async ({ params }) => {
        const removed = await approvals.perform('root.remove', { rootId: params.id });
        return 'proposed' in removed ? proposedAnswer(removed.proposed) : { status: 204 };
      },
    }),
  ];
}

function rootAnswer({ id, certificate, types, ctlList, addedAt }: RootCertificate): Static<typeof Root> {
  return {
    id,
    types: [...types],
    ctlList: [...ctlList],
    addedAt: new Date(addedAt).toISOString(),
    certificate: Buffer.from(certificate.der).toString('base64'),
  };
}
