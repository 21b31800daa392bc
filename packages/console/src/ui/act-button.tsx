import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import type { ReactNode } from 'react';
import type { Action } from '../app/actions.ts';
import { useSession } from '../app/session-context.ts';

interface ActButtonProps extends Omit<ButtonProps, 'onClick' | 'disabledReason'> {
  /** What it does: where the key may not, the button says why. */
  readonly action: Action;
  readonly onClick: () => void;
  readonly disabledReason?: string | undefined;
}

/** A button of something that a key may not be allowed to do. */
export function ActButton({ action, onClick, disabled, disabledReason, ...props }: ActButtonProps): ReactNode {
  const { whyNot } = useSession();
  const reason = whyNot(action) ?? (disabled ? disabledReason : undefined);
  return (
    <Button
      {...props}
      disabled={disabled === true || reason !== undefined}
      {...(reason === undefined ? {} : { disabledReason: reason })}
      onClick={onClick}
    />
  );
}
