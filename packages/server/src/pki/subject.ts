import { makeName, type Name } from '@plugpool/iso15118/pki';
import type { Profile, SubjectAttribute } from './profiles.ts';

/** What a profile leaves open in a subject. */
export interface SubjectValues {
  /** Two letters. */
  readonly country: string;
  readonly organization: string;
  readonly commonName: string;
}

/** Of the authorities, and of certificates whose holder named no organisation. */
export const ownOrganization = { country: 'DE', organization: 'plugpool' } as const;

/** The subject as the profile orders it. */
export function subjectOf(profile: Profile, values: SubjectValues): Name {
  const value: Record<SubjectAttribute, string> = {
    C: values.country,
    O: values.organization,
    DC: profile.domainComponent ?? '',
    CN: values.commonName,
  };
  return makeName(profile.subject.map((type) => ({ type, value: value[type] })));
}
