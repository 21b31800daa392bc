import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import type { ReactNode } from 'react';

/** An ARN with a button that copies it. */
export const CopyArn = ({ arn }: { readonly arn: string }): ReactNode => (
  <CopyToClipboard
    variant="inline"
    textToCopy={arn}
    copyButtonAriaLabel="Copy the ARN"
    copySuccessText="Copied"
    copyErrorText="It could not be copied"
  />
);
