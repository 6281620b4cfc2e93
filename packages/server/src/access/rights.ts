/** What rights are made of; which operation needs which stands beside the operations, in `dialects/rights.ts`. */
import type { Caller, Role } from './party.ts';

/** As access tokens name them in their scope. */
export const SERVICES = ['rcpservice', 'pcpservice', 'cpservice', 'ccpservice', 'pkigateway'] as const;
export type Service = (typeof SERVICES)[number];

/** `own`: objects under the caller's own identifiers only. */
export type Reach = 'any' | 'own';

export interface Right {
  /** Null for what belongs to no service: every token has it. */
  readonly service: Service | null;
  /** A role that is left out has no access; the operator may everything. */
  readonly roles: Readonly<Partial<Record<Exclude<Role, 'operator'>, Reach>>>;
  /** Of an eMSP: the MO PKI that it must be working with. */
  readonly pki?: 'own' | 'ours';
  /** Where the request says whose the object is; needed where a reach is `own`. */
  readonly objects?: readonly ObjectPlace[];
}

/** A place in a request, and what stands there. A place that is empty names nothing; one has to name something. */
export interface ObjectPlace {
  /** `params.pcid`, `body.contractData.emaid`. */
  readonly at: string;
  readonly is: 'pcid' | 'emaid' | 'vehicle-certificate' | 'contract-certificate' | 'issued-certificate' | 'enrolment';
}

/** Whose an object is: the role that such objects belong to, and the identifier. */
export interface Ownership {
  readonly role: Exclude<Role, 'operator'>;
  /** Undefined where the names of such objects do not tell: then the role is all that counts. */
  readonly identifier: string | undefined;
}

const kindOfRole = { oem: 'wmi', emsp: 'providerId', cpo: 'operatorId', cps: 'cpsRoot' } as const;

/** Whether a caller with these services may call the operation at all, whatever the object. */
export function mayCall(right: Right, caller: Caller, services: readonly string[]): boolean {
  if (right.service !== null && !services.includes(right.service)) return false;
  return caller.roles.includes('operator') || rolesWith(right, caller).length > 0;
}

/** Whether it may touch these objects: one of its roles reaches all of them. */
export function mayTouch(right: Right, caller: Caller, objects: readonly Ownership[]): boolean {
  if (caller.roles.includes('operator')) return true;
  return rolesWith(right, caller).some((role) => {
    if (right.roles[role] === 'any') return true;
    const own = caller.identifiers[kindOfRole[role]];
    // What names nothing cannot be told to be one's own.
    return (
      objects.length > 0 &&
      objects.every(
        (object) => object.role === role && (object.identifier === undefined || own.includes(object.identifier)),
      )
    );
  });
}

function rolesWith({ roles, pki }: Right, caller: Caller): (keyof typeof kindOfRole)[] {
  const names: (keyof typeof kindOfRole)[] = ['oem', 'emsp', 'cpo', 'cps'];
  const fits = (role: string) => role !== 'emsp' || pki === undefined || caller.pki === 'both' || caller.pki === pki;
  return names.filter((role) => roles[role] !== undefined && caller.roles.includes(role) && fits(role));
}
