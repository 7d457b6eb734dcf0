import { Component, type ErrorInfo, type ReactNode } from "react";
import { ErrorScreen } from "./states";

interface State {
  error: Error | null;
}

/** Shows what went wrong instead of a white page; gestures that wait in the outbox are not touched. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    reportError(new Error(`${error.message}${info.componentStack ?? ""}`, { cause: error }));
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <ErrorScreen
        title="This page ran into an error"
        error={this.state.error}
        onRetry={() => window.location.reload()}
      />
    );
  }
}
