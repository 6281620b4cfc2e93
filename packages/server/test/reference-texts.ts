/** The texts that the interface descriptions of OPCP and OPNC give as examples, each with the calls that provoke it. */
import type { Json, Place } from './json-places.ts';
import { base64, randomEmaid, randomPcid } from './roles.ts';

const BASE64 = '"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"';
const OPCP_EMAID = 'emaid : must match "^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9}[-]?(\\w{1})?$"';
const OPNC_EMAID = 'emaid : must match "^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9,28}[-]?(\\w{1})?$"';
const PCID = 'pcid : must match "^[a-zA-Z0-9]{17,18}$"';
const NO_VEHICLE = 'The OEM provisioning certificate with given PCID is not found.';
const NOT_AVAILABLE = 'The OEM provisioning certificate with the given PCID is not available.';
const NO_CONTRACT = 'The contract for the given EMAID not found.';
const TAKEN = 'Invalid Tupple - EMAID is already used by other PCID.';
const SESSION =
  'Invalid SessionID format, make sure the length is maximum 8 characters and it is represented in HEX binary';

const OPNC = '/opnc/v1';
const QUICK_START = '/HubjectWS/webresources/v1';

const badPcids = ['WMI', 'WMI-1234567890123', 'WMI1234567890123456', 'WMI12345678901234é', ' WMI12345678901234'];
const badEmaids = [
  'DE',
  'DE*PPL*C12345678',
  'DE-PPL-C1234567',
  '1EPPLC12345678',
  'DEPPLC12345678%00',
  'DEPPLC1234567é',
];
const badSessions = ['zz', '0', '010', '01020304050607080', '010203040506070809', '0x01', ' 01', '☃'];
const noCertificate = base64(Buffer.from('this is no certificate'));
const noBase64 = ['*', 'AAA', 'AAAA=', 'AA==AA==', 'AAAA\n', 'AA_-'];

export interface Row {
  readonly text: string;
  readonly status?: number;
  readonly calls: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly (readonly [Place, Json])[];
}

const contractCalls = (parameter: string, calls: readonly string[]) => calls.map((call) => `${call}:${parameter}`);
const opcpVehicle = contractCalls('pcid', [
  'GET /v1/oem/provCerts/',
  'GET /v1/oem/provCerts/lookupVehicle/',
  'DELETE /v1/oem/provCerts/',
  `GET ${QUICK_START}/oem/provCerts/`,
  `DELETE ${QUICK_START}/oem/provCerts/`,
]);
const opncVehicle = contractCalls('pcid', [
  `GET ${OPNC}/pcp/provisioningcertificates/`,
  `GET ${OPNC}/pcp/lookupvehicle/`,
  `DELETE ${OPNC}/pcp/provisioningcertificates/`,
]);
const byPcid = [...opcpVehicle, ...opncVehicle];
const contractsByPcid = ['GET /v1/ccp/signedContractData/:pcid', `GET ${OPNC}/ccp/contractData/pcid/:pcid`];
const opcpContract = [
  'GET /v1/ccp/lookupContract/:emaid',
  'DELETE /v1/ccp/signedContractData/:emaid',
  `DELETE ${QUICK_START}/ccp/signedContractData/:emaid`,
];
const opncContract = [`GET ${OPNC}/ccp/contractData/emaid/:emaid`, `DELETE ${OPNC}/ccp/signedcontractdata/:emaid`];
const provide = [
  'GET /v1/ccp/provideSignedContractData/:emaid/:pcid',
  `GET ${OPNC}/ccp/signedcontractdata/:emaid/:pcid`,
];
const setDefault = [
  'POST /v1/ccp/signedContractData/:pcid/:emaid/default',
  `POST ${OPNC}/ccp/signedcontractdata/:emaid/:pcid/setdefault`,
];
const install = [
  'POST /v1/ccp/signedContractData',
  `POST ${OPNC}/ccp/signedcontractdata`,
  `POST ${QUICK_START}/ccp/signedContractData`,
];
const opcpSign = ['PUT /v1/cps/contractData/signed', ...nestedSign()];
const storingSign = opcpSign.filter((name) => name !== 'PUT /v1/cps/signedContractData');
const opcpGenerate = 'PUT /v1/cps/generate/signedContractData';
const opncGenerate = `PUT ${OPNC}/cps/contractData/generateandsign`;
const generate = [opcpGenerate, opncGenerate];
const opncSign = `PUT ${OPNC}/cps/contractData/sign`;
const opncAdd = `PUT ${OPNC}/ccp/signedcontractdata`;
const opcpAdd = 'PUT /v1/ccp/signedContractData';
const opcpPublish = ['PUT /v1/oem/provCerts', `PUT ${QUICK_START}/oem/provCerts`];
const opncPublish = `PUT ${OPNC}/pcp/provisioningcertificates`;

/** What the suite makes for cases that need more than a bad text. */
export interface Made {
  readonly otherPcid: string;
  readonly unknownPcid: string;
  readonly takenEmaid: string;
  readonly vehicleWithoutPcid: string;
  readonly unknownCarsRequest: string;
  readonly expiredContract: string;
  readonly expiredResponse: string;
  readonly expiredXml: string;
}

export function referenceTexts(made: Made): Row[] {
  const unknown = { rootCertificateId: '00000000-0000-4000-8000-000000000000' };
  const { otherPcid, unknownPcid, expiredContract } = made;
  const nobody = { pcid: randomPcid(), emaid: randomEmaid() };
  return [
    ...['GET', 'DELETE'].flatMap((method) =>
      ['/v1/root/rootCerts', `${OPNC}/rcp/rootcertificates`].map(
        (path): Row => ({
          text: 'Root certificate with the given ID is not found',
          status: 404,
          calls: [`${method} ${path}/:rootCertificateId`],
          params: unknown,
        }),
      ),
    ),
    ...badPcids.map(
      (pcid): Row => ({
        text: PCID,
        calls: [...byPcid, ...contractsByPcid, ...provide, ...setDefault],
        params: { pcid },
      }),
    ),
    ...badEmaids.flatMap((emaid): Row[] => [
      {
        text: OPCP_EMAID,
        calls: [...opcpContract, ...provide.slice(0, 1), ...setDefault.slice(0, 1)],
        params: { emaid },
      },
      { text: OPNC_EMAID, calls: [...opncContract, ...provide.slice(1), ...setDefault.slice(1)], params: { emaid } },
    ]),
    ...badSessions.map((sessionID): Row => ({ text: SESSION, calls: provide, query: { sessionID } })),
    { text: NO_VEHICLE, status: 404, calls: [...byPcid, ...contractsByPcid], params: nobody },
    {
      text: NO_CONTRACT,
      status: 404,
      calls: [...opcpContract, ...opncContract, ...provide, ...setDefault],
      params: nobody,
    },
    { text: NO_CONTRACT, status: 404, calls: [...provide, ...setDefault], params: { pcid: otherPcid } },

    // Publishing a vehicle
    ...[...noBase64, noCertificate].flatMap((bad): Row[] =>
      [
        publishing('vehicleCertificate', ['vehicleCertificate'], 'certificate', bad),
        publishing('subCa2Certificate', ['subCA2Certificate'], 'subCa2Certificate', bad),
        publishing('subCa1Certificate', ['subCA1Certificate'], 'subCa1Certificate', bad),
      ].flat(),
    ),
    { text: PCID, calls: opcpPublish, body: [[['vehicleCertificate'], made.vehicleWithoutPcid]] },
    {
      text: PCID,
      calls: [opncPublish],
      body: [[['provisioningCertificateChain', 'certificate'], made.vehicleWithoutPcid]],
    },

    // Signing
    ...noBase64.flatMap((bad): Row[] => [
      {
        text: `contractData.contractSignatureEncryptedPrivateKey : must match ${BASE64}`,
        calls: opcpSign,
        body: [[['contractData', 'contractSignatureEncryptedPrivateKey'], bad]],
      },
      {
        text: `contractData.dHpublickey : must match ${BASE64}`,
        calls: opcpSign,
        body: [[['contractData', 'dHpublickey'], bad]],
      },
      {
        text: `contractData.contractSignatureCertChain.contractSignatureCertChainCertificate : must match ${BASE64}`,
        calls: nestedSign(),
        body: [[['contractData', 'contractSignatureCertChain', 'contractSignatureCertChainCertificate'], bad]],
      },
    ]),
    ...[...noBase64, noCertificate].flatMap((bad): Row[] =>
      [0, 1].map((index) => ({
        text: 'Invalid certificate format on contractSignatureCertChainSubCertificates list',
        calls: nestedSign(),
        body: [
          [['contractData', 'contractSignatureCertChain', 'contractSignatureCertChainSubCertificates', index], bad],
        ],
      })),
    ),
    ...badPcids.map(
      (pcid): Row => ({
        text: PCID,
        calls: [...opcpSign, ...generate, opncAdd, opcpAdd],
        body: [[['pcid'], pcid]],
      }),
    ),
    ...badPcids.map(
      (pcid): Row => ({
        text: `contractCertificateBundle.${PCID}`,
        calls: [opncSign],
        body: [[['contractCertificateBundle', 'pcid'], pcid]],
      }),
    ),
    ...badEmaids.flatMap((emaid): Row[] => [
      { text: OPCP_EMAID, calls: [...opcpSign, opcpGenerate, opcpAdd], body: [[['emaid'], emaid]] },
      { text: OPNC_EMAID, calls: [opncGenerate, opncAdd], body: [[['emaid'], emaid]] },
      {
        text: `contractCertificateBundle.${OPNC_EMAID}`,
        calls: [opncSign],
        body: [[['contractCertificateBundle', 'emaid'], emaid]],
      },
      { text: `contractData.${OPCP_EMAID}`, calls: opcpSign, body: [[['contractData', 'emaid'], emaid]] },
    ]),
    { text: TAKEN, calls: [...storingSign, opncAdd, opcpAdd], body: [[['pcid'], otherPcid]] },
    { text: TAKEN, calls: [opncSign], body: [[['contractCertificateBundle', 'pcid'], otherPcid]] },
    { text: NOT_AVAILABLE, calls: [...storingSign, ...generate, opncAdd, opcpAdd], body: [[['pcid'], unknownPcid]] },
    { text: NOT_AVAILABLE, calls: [opncSign], body: [[['contractCertificateBundle', 'pcid'], unknownPcid]] },
    {
      text: 'The given contractEnds date is in the past.',
      calls: generate,
      body: [[['contractEnds'], '2024-02-01T00:00:00Z']],
    },
    ...['contractBegins', 'contractEnds'].flatMap((field) =>
      ['', 'tomorrow', '2030-01-01', '2030-13-01T00:00:00Z', '2030-02-30T00:00:00Z', '2030-01-01T25:00:00Z', '1e9'].map(
        (time): Row => ({
          text: `The ${field} does not match the specification`,
          calls: generate,
          body: [[[field], time]],
        }),
      ),
    ),
    {
      text: TAKEN,
      calls: generate,
      body: [
        [['pcid'], otherPcid],
        [['emaid'], made.takenEmaid],
      ],
    },
    ...(
      [
        ['PUT /v1/cps/contractData/signed', ['contractData', 'contractCertificate'], expiredContract],
        [opncSign, ['contractCertificateBundle', 'contractCertificateChain', 'certificate'], expiredContract],
        ...nestedSign().map((name): [string, Place, string] => [
          name,
          ['contractData', 'contractSignatureCertChain', 'contractSignatureCertChainCertificate'],
          expiredContract,
        ]),
        [opncAdd, ['certificateInstallationRes'], made.expiredResponse],
        [opcpAdd, ['signedContractDataXML'], made.expiredXml],
      ] satisfies [string, Place, string][]
    ).map(
      ([name, place, bad]): Row => ({
        text: 'The validUntil date of contract certificate is in the past.',
        calls: [name],
        body: [[place, bad]],
      }),
    ),

    // Installing
    ...[...noBase64, '', base64(Buffer.from([0x80, 0x98]))].map(
      (exi): Row => ({
        text: 'EXI format is invalid!',
        calls: install,
        body: [[['certificateInstallationReq'], exi]],
      }),
    ),
    {
      text: 'Contract or Vehicle not found.',
      status: 404,
      calls: install,
      headers: { alwaysReturnEXI: 'false' },
      body: [[['certificateInstallationReq'], made.unknownCarsRequest]],
    },
    ...noBase64.map(
      (exi): Row => ({
        text: 'EXI format is invalid!',
        calls: [opncAdd],
        body: [[['certificateInstallationRes'], exi]],
      }),
    ),
  ];
}

function publishing(field: string, opcp: Place, opnc: string, bad: string): Row[] {
  const text = `Invalid certificate format on ${field}`;
  return [
    { text, calls: opcpPublish, body: [[opcp, bad]] },
    { text, calls: [opncPublish], body: [[['provisioningCertificateChain', opnc], bad]] },
  ];
}

function nestedSign(): string[] {
  return [
    'PUT /v1/cps/signedContractData',
    'PUT /v1/cps/forward/signedContractData',
    `PUT ${QUICK_START}/cps/forward/signedContractData`,
  ];
}
