/** Providers and routes. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { ApiError } from "./api/problem";
import { loadLater } from "./lib/load-later";
import { theme } from "./theme";
import { ErrorBoundary } from "./views/common/error-boundary";
import { LoadingScreen, NotFoundScreen } from "./views/common/states";
import { SessionGate } from "./views/session/session-gate";

const LabelPage = lazy(() => loadLater(() => import("./views/label/label-page")));
const ActivityPage = lazy(() => loadLater(() => import("./views/activity/activity-page")));
const ConfirmPage = lazy(() => loadLater(() => import("./views/confirm/confirm-page")));
const ProjectsPage = lazy(() =>
  loadLater(() =>
    import("./views/projects/projects-page").then(({ ProjectsPage }) => ({ default: ProjectsPage })),
  ),
);
const ModelsPage = lazy(() => loadLater(() => import("./views/models/models-page")));
const ReviewPage = lazy(() => loadLater(() => import("./views/review/review-page")));
const SettingsPage = lazy(() => loadLater(() => import("./views/settings/settings-page")));
const AccountPage = lazy(() => loadLater(() => import("./views/account/account-page")));
const PeoplePage = lazy(() => loadLater(() => import("./views/people/people-page")));

const MAX_RETRIES = 2;

/** What the server refused is not asked again; a lost network is. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return !(error instanceof ApiError) && failures < MAX_RETRIES;
}

const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 15_000, refetchOnWindowFocus: false } },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="dark">
      <Notifications position="top-center" limit={4} autoClose={5000} containerWidth={420} />
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          <SessionGate>
            <Suspense fallback={<LoadingScreen what="page" />}>
              <Switch>
                <Route path="/" component={ProjectsPage} />
                <Route path="/projects/:projectId">
                  {({ projectId }) => <LabelPage key={projectId} projectId={Number(projectId)} />}
                </Route>
                <Route path="/projects/:projectId/activity">
                  {({ projectId }) => <ActivityPage projectId={Number(projectId)} />}
                </Route>
                <Route path="/projects/:projectId/confirm/:what?">
                  {({ projectId, what }) => (
                    <ConfirmPage key={projectId} projectId={Number(projectId)} what={what ?? null} />
                  )}
                </Route>
                <Route path="/projects/:projectId/review/:what?">
                  {({ projectId, what }) => (
                    <ReviewPage key={projectId} projectId={Number(projectId)} what={what ?? null} />
                  )}
                </Route>
                <Route path="/projects/:projectId/models">
                  {({ projectId }) => <ModelsPage projectId={Number(projectId)} />}
                </Route>
                <Route path="/projects/:projectId/settings/:tab?">
                  {({ projectId, tab }) => (
                    <SettingsPage projectId={Number(projectId)} tab={tab ?? "general"} />
                  )}
                </Route>
                <Route path="/account/:tab?">{({ tab }) => <AccountPage tab={tab ?? "password"} />}</Route>
                <Route path="/people/:tab?">{({ tab }) => <PeoplePage tab={tab ?? "accounts"} />}</Route>
                <Route>
                  <NotFoundScreen />
                </Route>
              </Switch>
            </Suspense>
          </SessionGate>
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
