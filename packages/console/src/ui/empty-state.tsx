import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** A list without anything in it: what that means, and what to do next. */
export const EmptyState = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode => (
  <SpaceBetween size="xs" alignItems="center">
    <Box fontWeight="bold" color="inherit">
      {title}
    </Box>
    {children}
  </SpaceBetween>
);
