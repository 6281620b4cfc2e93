import type { ButtonProps } from '@mantine/core';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { texts } from '../texts/texts.ts';

interface Props extends Pick<ButtonProps, 'size'> {
  readonly name: string;
  readonly isDisabled: boolean;
  readonly setDisabled: (isDisabled: boolean) => Promise<unknown>;
}

/** Shuts a party or one of its clients out, or lets it in again. */
export function DisableButton({ name, isDisabled, setDisabled, ...button }: Props) {
  const verb = isDisabled ? 'enable' : 'disable';
  return (
    <ConfirmButton
      label={texts.parties[verb]}
      title={texts.parties[`${verb}Title`](name)}
      what={texts.parties[`${verb}What`]}
      isFinal={!isDisabled}
      action={() => setDisabled(!isDisabled)}
      {...button}
    />
  );
}
