/** A form that changes something of parties, in a dialog, and what came of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { DialogButton } from '../parts/dialog-button.tsx';
import { type Outcome, OutcomeDialog } from './outcome.tsx';

/** What a form gets that is in such a dialog. */
export interface ChangeForm<Fields> {
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly submit: (fields: Fields) => void;
  readonly cancel: () => void;
}

interface Change<Fields> {
  /** Returns what is to be said of it; undefined when there is nothing to say. */
  readonly change: (fields: Fields) => Promise<Outcome | undefined>;
  readonly children: (form: ChangeForm<Fields>) => ReactNode;
}

interface Props<Fields> extends Change<Fields> {
  /** On the button. */
  readonly label: string;
  readonly title?: string;
  readonly variant?: 'default';
}

export function ChangeDialog<Fields>({ change, children, ...button }: Props<Fields>) {
  const [outcome, setOutcome] = useState<Outcome>();
  return (
    <>
      <DialogButton {...button}>
        {(close) => (
          <Form change={change} close={close} show={setOutcome}>
            {children}
          </Form>
        )}
      </DialogButton>
      <OutcomeDialog outcome={outcome} close={() => setOutcome(undefined)} />
    </>
  );
}

interface FormProps<Fields> extends Change<Fields> {
  readonly close: () => void;
  readonly show: (outcome: Outcome | undefined) => void;
}

function Form<Fields>({ change, children, close, show }: FormProps<Fields>) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: change,
    onSuccess: async (outcome) => {
      close();
      show(outcome);
      await queries.invalidateQueries();
    },
  });
  return children({ isPending, error, submit: (fields) => mutate(fields), cancel: close });
}
