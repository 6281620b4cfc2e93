/**
 * Which operation needs which right: by dialect and by the operation's name in it, as one table. The start insists that
 * every route has a row. Source: the OPCP's chapter on authentication; what it leaves open is in docs/access.md.
 */
import { ROLES, type Role } from '../access/party.ts';
import type { ObjectPlace, Right, Service } from '../access/rights.ts';
import { OPNC_PREFIX } from './opnc/routes.ts';

/** `open`: nobody is asked who he is. */
export type RouteRight = Right | 'open';

const everyRole = { oem: 'any', emsp: 'any', cpo: 'any', cps: 'any' } as const;

const anyParty = (service: Service | null): Right => ({ service, roles: everyRole });
const operatorOnly = (service: Service | null): Right => ({ service, roles: {} });

const at = (is: ObjectPlace['is'], ...places: string[]): ObjectPlace[] => places.map((place) => ({ at: place, is }));
const pcidInPath = at('pcid', 'params.pcid');
const emaidInPath = at('emaid', 'params.emaid');
const emaidInBody = at('emaid', 'body.emaid');

const vehicleOfOem = (objects: ObjectPlace[]): Right => ({ service: 'pcpservice', roles: { oem: 'own' }, objects });
const vehicleToRead: Right = { service: 'pcpservice', roles: { oem: 'own', emsp: 'any' }, objects: pcidInPath };
const vehicleToLookUp: Right = { service: 'pcpservice', roles: { oem: 'any', emsp: 'any' } };
const contractToSign = (objects: ObjectPlace[]): Right => ({
  service: 'cpservice',
  roles: { emsp: 'own' },
  pki: 'own',
  objects,
});
const contractToGenerate: Right = { service: 'cpservice', roles: { emsp: 'own' }, pki: 'ours', objects: emaidInBody };
const contractOfEmsp: Right = { service: 'ccpservice', roles: { emsp: 'own' }, objects: emaidInPath };
const contractsOfVehicle: Right = { service: 'ccpservice', roles: { oem: 'own' }, objects: pcidInPath };
const contractToAdd: Right = { service: 'ccpservice', roles: { cps: 'any', emsp: 'own' }, objects: emaidInBody };
const installation: Right = { service: 'ccpservice', roles: { cpo: 'any' } };

const nestedChain = 'body.contractData.contractSignatureCertChain.contractSignatureCertChainCertificate';
const nestedContract = [
  ...at('emaid', 'body.emaid', 'body.contractData.emaid'),
  ...at('contract-certificate', nestedChain),
];

/** Endpoints belong to the party that made them; those of others are not there for it. */
const ownEndpoints = anyParty(null);
const endpointsOfParty = {
  rotateWebhookSecret: ownEndpoints,
  testWebhookEndpoint: ownEndpoints,
  listWebhookDeliveries: ownEndpoints,
  replayWebhookDelivery: ownEndpoints,
};

type Rights = Readonly<Record<string, Right>>;

const opnc: Rights = {
  getRootCertificatesV1: anyParty('rcpservice'),
  getRootCertificateV1: anyParty('rcpservice'),
  putRootCertificateV1: operatorOnly('rcpservice'),
  deleteRootCertificateV1: operatorOnly('rcpservice'),
  addProvisioningCertificateV1: vehicleOfOem([
    ...at('vehicle-certificate', 'body.provisioningCertificateChain.certificate'),
    ...at('pcid', 'body.previousPcid'),
  ]),
  getProvisioningCertificateV1: vehicleToRead,
  deleteProvisioningCertificateV1: vehicleOfOem(pcidInPath),
  deleteContractsV1: vehicleOfOem(pcidInPath),
  lookupVehicleV1: vehicleToLookUp,
  signContractDataV1: contractToSign([
    ...at('emaid', 'body.contractCertificateBundle.emaid'),
    ...at('contract-certificate', 'body.contractCertificateBundle.contractCertificateChain.certificate'),
  ]),
  generateAndSignContractDataV1: contractToGenerate,
  getCpsCertificatesV1: anyParty('cpservice'),
  getContractDataByEmaidV1: contractOfEmsp,
  getContractDataByPcidV1: contractsOfVehicle,
  getSignedContractDataByCertificateInstallationReqV1: installation,
  addSignedContractDataV1: contractToAdd,
  deleteSignedContractDataByEmaidV1: contractOfEmsp,
  getSignedContractDataByEmaidAndPcidV1: contractsOfVehicle,
  setSignedContractDataAsDefaultV1: contractsOfVehicle,
  revokeCertV1: {
    service: 'pkigateway',
    roles: { oem: 'own', emsp: 'own', cpo: 'own', cps: 'own' },
    objects: at('issued-certificate', 'body.certificate'),
  },
  postEndpointV1: ownEndpoints,
  'get-webhook-endpoints': ownEndpoints,
  getEndpointByIdV1: ownEndpoints,
  updateEndpointByIdV1: ownEndpoints,
  deleteEndpointByIdV1: ownEndpoints,
  ...endpointsOfParty,
};

/** The quick start's operations are among these. */
const opcp: Rights = {
  getAllRootCerts: anyParty('rcpservice'),
  getRootCert: anyParty('rcpservice'),
  'put-v1-root-rootCerts': operatorOnly('rcpservice'),
  'delete-v1-root-rootCerts-rootCertificateId': operatorOnly('rcpservice'),
  'get-v1-root-ctl': anyParty('rcpservice'),
  addOEMProvCert: vehicleOfOem([
    ...at('vehicle-certificate', 'body.vehicleCertificate', 'body.provisioningCertificate'),
    ...at('pcid', 'body.previousPcid'),
  ]),
  getOEMProvCert: vehicleToRead,
  deleteOEMProvCert: vehicleOfOem(pcidInPath),
  deleteContracts: vehicleOfOem(pcidInPath),
  lookupVehicle: vehicleToLookUp,
  'get-cps-signer': anyParty('cpservice'),
  'put-v1-cps-signContractData': contractToSign([
    ...nestedContract,
    ...at('contract-certificate', 'body.contractData.contractCertificate'),
  ]),
  createSignedContractData: contractToSign(nestedContract),
  createAndForwardSignedContractData: contractToSign(nestedContract),
  generateSignedContractData: contractToGenerate,
  lookupContract: contractOfEmsp,
  getContracts: contractsOfVehicle,
  getSignedContractData: installation,
  addSignedContractData: contractToAdd,
  deleteSignedContractData: contractOfEmsp,
  provideSignedContractData: contractsOfVehicle,
  setDefaultContract: contractsOfVehicle,
  'create-webhook-endpoint': ownEndpoints,
  'get-webhook-endpoints': ownEndpoints,
  'get-webhook-endpoint': ownEndpoints,
  'update-webhook-endpoint': ownEndpoints,
  'delete-webhook-endpoint': ownEndpoints,
  ...endpointsOfParty,
};

/** The last step of an EST path names the operation, with edition and algorithm behind it. */
const est: Rights = {
  simpleenroll: enrolment(),
  simplereenroll: enrolment(),
  cacerts: anyParty('pkigateway'),
  csrattrs: anyParty('pkigateway'),
};

function enrolment(): Right {
  return {
    service: 'pkigateway',
    roles: { oem: 'own', emsp: 'own', cpo: 'own', cps: 'own' },
    pki: 'ours',
    objects: at('enrolment', 'enrolment'),
  };
}

/** What anybody may ask, or shows a right of its own for: status and certificates of our authorities, tokens, health, and how to call us. */
const openPaths = [
  /^\/ocsp(?:\/|$)/,
  /^\/crl\//,
  /^\/ca\//,
  /^\/health\//,
  // Signed with the secret of the subscription.
  /^\/federation\/v1\/events\//,
  /^\/metrics$/,
  /^\/oauth\/(?:token|jwks)$/,
  /^\/\.well-known\/(?:jwks\.json|oauth-authorization-server)$/,
  /^\/openapi\//,
  /^\/docs(?:\/|$)/,
  /^\/console(?:\/|$)/,
  // Who signs in is nobody yet; what is behind it looks at the session itself.
  /^\/admin\/v1\/session(?:\/|$)/,
];

export interface RouteName {
  /** As it was mounted, prefix and parameters included. */
  readonly url: string;
  /** Undefined for what belongs to no dialect. */
  readonly operation: string | undefined;
}

/** Undefined for a route that nobody has thought about; such a server does not start. */
export function rightOf({ url, operation }: RouteName): RouteRight | undefined {
  if (openPaths.some((path) => path.test(url))) return 'open';
  if (url.startsWith('/admin/v1/')) return operatorOnly(null);
  if (operation !== undefined) return valueAt(url.startsWith(`${OPNC_PREFIX}/`) ? opnc : opcp, operation);
  const step = url.split('/').find((each) => valueAt(est, each) !== undefined);
  return step === undefined ? undefined : valueAt(est, step);
}

const servicesOfRole = new Map(ROLES.map((role) => [role, servicesReachedBy(role)]));

/** The roles' services follow from the table. */
export function servicesOf(roles: readonly Role[]): readonly string[] {
  return [...new Set(roles.flatMap((role) => servicesOfRole.get(role) ?? []))];
}

function servicesReachedBy(role: Role): readonly string[] {
  const rights = [opnc, opcp, est].flatMap((table) => Object.values(table));
  const reached = rights.filter((right) => role === 'operator' || right.roles[role] !== undefined);
  return [...new Set(reached.flatMap(({ service }) => service ?? []))];
}

function valueAt(rights: Rights, name: string): Right | undefined {
  return Object.hasOwn(rights, name) ? rights[name] : undefined;
}
