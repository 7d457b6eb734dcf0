/** Reads and their cache keys. Keys start with the thing read, so that an event can invalidate exactly it. */
import { queryOptions } from "@tanstack/react-query";
import { api, setCsrfToken, unwrap } from "./client";
import { allItems } from "./pages";
import { ApiError } from "./problem";

export const keys = {
  session: ["session"] as const,
  projects: ["projects"] as const,
  project: (projectId: number) => ["project", projectId] as const,
  classes: (projectId: number) => ["classes", projectId] as const,
  invitations: (projectId: number) => ["invitations", projectId] as const,
  members: (projectId: number) => ["members", projectId] as const,
  models: (projectId: number) => ["models", projectId] as const,
  layouts: (projectId: number) => ["layouts", projectId] as const,
  classView: (projectId: number, modelNumber: number, classId: number) =>
    ["class-view", projectId, modelNumber, classId] as const,
  jobs: (projectId: number) => ["jobs", projectId] as const,
  exports: (projectId: number) => ["exports", projectId] as const,
  imports: (projectId: number) => ["imports", projectId] as const,
  removals: (projectId: number) => ["removals", projectId] as const,
  importSources: (projectId: number) => ["import-sources", projectId] as const,
  importFolders: (projectId: number, path: string) => ["import-folders", projectId, path] as const,
  entries: (projectId: number, importId: number, outcome: string) =>
    ["entries", projectId, importId, outcome] as const,
  image: (projectId: number, index: number) => ["image", projectId, index] as const,
  prediction: (projectId: number, index: number, modelVersion: number | null) =>
    ["prediction", projectId, index, modelVersion] as const,
  saliency: (projectId: number, index: number, modelVersion: number | null, classId: number) =>
    ["saliency", projectId, index, modelVersion, classId] as const,
  history: (projectId: number, index: number) => ["history", projectId, index] as const,
  labelFacts: (projectId: number) => ["label-facts", projectId] as const,
  imageFacts: (projectId: number, count: number) => ["image-facts", projectId, count] as const,
  imageSearch: (projectId: number, text: string, count: number) =>
    ["image-search", projectId, text, count] as const,
  annotators: (projectId: number) => ["annotators", projectId] as const,
  probability: (projectId: number, modelVersion: number | null, classId: number | null) =>
    ["probability", projectId, modelVersion, classId] as const,
  activity: (projectId: number, annotator: string | null) => ["activity", projectId, annotator] as const,
  meter: (projectId: number) => ["meter", projectId] as const,
  savedViews: (projectId: number) => ["saved-views", projectId] as const,
  oddness: (projectId: number, view: string, modelVersion: number | null, images: string) =>
    ["oddness", projectId, view, modelVersion, images] as const,
  tokens: ["tokens"] as const,
  people: ["people"] as const,
  auditLog: (projectId: number | null) => ["audit-log", projectId] as const,
  backbones: ["backbones"] as const,
};

const inProject = (projectId: number) => ({ params: { path: { project_id: projectId } } });
const pageIn = (projectId: number, query: { limit: number; after?: number }) => ({
  params: { path: { project_id: projectId }, query },
});

export const byUsername = (a: { username: string }, b: { username: string }) =>
  a.username.localeCompare(b.username);

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async () => {
    const session = await unwrap(api.GET("/api/v1/session"));
    setCsrfToken(session.csrf_token);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const projectsQuery = queryOptions({
  queryKey: keys.projects,
  queryFn: async () => {
    const projects = await allItems((query) => unwrap(api.GET("/api/v1/projects", { params: { query } })));
    return projects.sort((a, b) => b.last_activity_at.localeCompare(a.last_activity_at));
  },
});

export const backbonesQuery = queryOptions({
  queryKey: keys.backbones,
  queryFn: () => unwrap(api.GET("/api/v1/backbones")),
  // Workers report the list a few seconds after the first start: ask again until they have.
  refetchInterval: (query) => (query.state.data?.length ? false : 1_000),
});

export const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  queryFn: () => allItems((query) => unwrap(api.GET("/api/v1/tokens", { params: { query } }))),
});

export const projectQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.project(projectId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}", inProject(projectId))),
  });

export const classesQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.classes(projectId),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/classes", {
          params: { path: { project_id: projectId }, query: { archived: true } },
        }),
      ),
  });

export const membersQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.members(projectId),
    queryFn: async () => {
      const members = await allItems((query) =>
        unwrap(api.GET("/api/v1/projects/{project_id}/members", pageIn(projectId, query))),
      );
      return members.sort(byUsername);
    },
  });

export const savedViewsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.savedViews(projectId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/saved-views", inProject(projectId))),
  });

export const invitationsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.invitations(projectId),
    queryFn: () =>
      allItems((query) =>
        unwrap(api.GET("/api/v1/projects/{project_id}/invitations", pageIn(projectId, query))),
      ),
  });

export const modelsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.models(projectId),
    queryFn: () =>
      allItems((query) => unwrap(api.GET("/api/v1/projects/{project_id}/models", pageIn(projectId, query)))),
  });

export const classViewQuery = (projectId: number, modelNumber: number, classId: number) =>
  queryOptions({
    queryKey: keys.classView(projectId, modelNumber, classId),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/models/{number}/classes/{class_id}", {
          params: { path: { project_id: projectId, number: modelNumber, class_id: classId } },
        }),
      ),
  });

/** Jobs of the last day, newest first. */
export const projectJobsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.jobs(projectId),
    queryFn: () =>
      allItems((query) => unwrap(api.GET("/api/v1/projects/{project_id}/jobs", pageIn(projectId, query)))),
  });

export const importsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.imports(projectId),
    queryFn: () =>
      allItems((query) => unwrap(api.GET("/api/v1/projects/{project_id}/imports", pageIn(projectId, query)))),
  });

const IS_MADE_POLL_MS = 1_500;

/** What the operator of the site lets imports read. */
export const importSourcesQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.importSources(projectId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/import-sources", inProject(projectId))),
  });

/** One folder of the server; the allowed ones for an empty path. */
export const importFoldersQuery = (projectId: number, path: string) =>
  queryOptions({
    queryKey: keys.importFolders(projectId, path),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/import-folders", {
          params: { path: { project_id: projectId }, query: { path } },
        }),
      ),
    retry: false,
  });

/** Background exports; asked for again while one is being made. */
export const exportsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.exports(projectId),
    queryFn: () =>
      allItems((query) => unwrap(api.GET("/api/v1/projects/{project_id}/exports", pageIn(projectId, query)))),
    refetchInterval: (query) =>
      query.state.data?.some(({ job }) => job?.state === "queued" || job?.state === "running")
        ? IS_MADE_POLL_MS
        : false,
  });

export const imageQuery = (projectId: number, index: number) =>
  queryOptions({
    queryKey: keys.image(projectId, index),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/images/{index}", {
          params: { path: { project_id: projectId, index } },
        }),
      ),
  });

/** What the latest model says of one image; null before the first model or for an image that came after it. */
export const predictionQuery = (projectId: number, index: number, modelVersion: number | null) =>
  queryOptions({
    queryKey: keys.prediction(projectId, index, modelVersion),
    enabled: modelVersion !== null,
    queryFn: async () => {
      try {
        return await unwrap(
          api.GET("/api/v1/projects/{project_id}/images/{index}/prediction", {
            params: { path: { project_id: projectId, index } },
          }),
        );
      } catch (error) {
        if (error instanceof ApiError && error.status === 409) return null;
        throw error;
      }
    },
  });

export const historyQuery = (projectId: number, index: number) =>
  queryOptions({
    queryKey: keys.history(projectId, index),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/images/{index}/history", {
          params: { path: { project_id: projectId, index } },
        }),
      ),
  });

export const imageUrl = (projectId: number, index: number, kind: "thumbnail" | "original") =>
  `/api/v1/projects/${projectId}/images/${index}/${kind}`;
