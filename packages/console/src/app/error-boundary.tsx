import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

/** Shows what a page failed with in its place: the rest of the console goes on. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert">
        <h1>This page failed</h1>
        <p>{error.message}</p>
        <p>
          <a href={location.hash} onClick={() => location.reload()}>
            Load it again
          </a>
        </p>
      </div>
    );
  }
}
