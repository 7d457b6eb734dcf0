/** What the stores of a project need from the server, behind their own narrow interfaces. */

import type { PickedFile } from "../lib/files";
import type { MapFetchers } from "../state/map-data";
import type { OutboxEntry } from "../state/outbox";
import type { LabelServer } from "../state/sync";
import type { UploadServer } from "../state/upload";
import { api, fetchBytes, postForm, unwrap } from "./client";
import type { LabelAction, UploadAnswer } from "./types";

const ACTIONS_PER_PAGE = 200;

const inProject = (projectId: number) => ({ path: { project_id: projectId } });

export function labelServer(projectId: number): LabelServer {
  const params = inProject(projectId);
  return {
    async readLabels() {
      const { buffer, headers } = await fetchBytes(`/api/v1/projects/${projectId}/labels`);
      return { classIds: new Int32Array(buffer), sequence: Number(headers.get("X-Label-Sequence")) };
    },
    async readActions(after) {
      const page = await unwrap(
        api.GET("/api/v1/projects/{project_id}/label-actions", {
          params: { ...params, query: { after, limit: ACTIONS_PER_PAGE } },
        }),
      );
      return { actions: page.items, isAll: page.next === null };
    },
    send: (entry) => sendEntry(projectId, entry),
  };
}

function sendEntry(projectId: number, { id, kind, body }: OutboxEntry): Promise<LabelAction> {
  const params = inProject(projectId);
  const identity = { client_action_id: id };
  if (kind === "undo")
    return unwrap(api.POST("/api/v1/projects/{project_id}/undo", { params, body: identity }));
  if (kind === "redo")
    return unwrap(api.POST("/api/v1/projects/{project_id}/redo", { params, body: identity }));
  if (!body) throw new Error(`Outbox entry ${id} of kind ${kind} has no body`);
  return unwrap(
    api.POST("/api/v1/projects/{project_id}/label-actions", { params, body: { ...body, ...identity } }),
  );
}

export function mapFetchers(projectId: number): MapFetchers {
  return {
    manifest: () => unwrap(api.GET("/api/v1/projects/{project_id}/map", { params: inProject(projectId) })),
    bytes: async (url) => (await fetchBytes(url)).buffer,
  };
}

/** 64 px cells in the order asked for. */
export function cellFetcher(projectId: number) {
  return async (indexes: number[], signal: AbortSignal): Promise<ArrayBuffer> => {
    const url = `/api/v1/projects/${projectId}/cells/64?indexes=${indexes.join(",")}`;
    return (await fetchBytes(url, signal)).buffer;
  };
}

/** A picture as a square of 256 px, for what the map draws large. */
export function pictureFetcher(projectId: number) {
  return async (index: number, signal: AbortSignal): Promise<ImageBitmap> => {
    const { buffer } = await fetchBytes(`/api/v1/projects/${projectId}/images/${index}/thumbnail`, signal);
    const options = { resizeWidth: 256, resizeHeight: 256, resizeQuality: "high" } as const;
    return createImageBitmap(new Blob([buffer]), options);
  };
}

export function uploadServer(projectId: number): UploadServer {
  const base = `/api/v1/projects/${projectId}/imports`;
  return {
    create: (name, classesFromFolders) =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/imports", {
          params: inProject(projectId),
          body: { name, classes_from_folders: classesFromFolders },
        }),
      ),
    send: (importId, files, signal) =>
      postForm<UploadAnswer>(`${base}/${importId}/files`, formOf(files), signal),
    start: (importId) =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/imports/{import_id}/start", {
          params: { path: { project_id: projectId, import_id: importId } },
        }),
      ),
  };
}

/** Browsers and servers strip folders from file names, so the paths travel beside the files, in the same order. */
function formOf(files: readonly PickedFile[]): FormData {
  const form = new FormData();
  for (const { path, file } of files) {
    form.append("files", file, file.name);
    form.append("paths", path);
  }
  return form;
}
