/** Something that is wrong or unusual, in one sentence on what it is and what to do. */
export interface Problem {
  readonly code: string;
  readonly text: string;
}
