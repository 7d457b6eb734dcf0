/** Ties the registry of actions to the stores and the map. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { spotlight } from "@mantine/spotlight";
import { type RefObject, useMemo } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { AppAction } from "../../lib/actions";
import { invertIndexes, unlabelledIndexes } from "../../lib/selections";
import type { ProjectSession } from "../../state/project-session";
import { clearSelection, setSelection } from "../../state/selection";
import {
  autoSizePx,
  MAX_SIZE_PX,
  MIN_SIZE_PX,
  nextOf,
  RETENTION_STEP,
  SIZE_STEP_PX,
  setRetention,
  stepRetention,
} from "../../state/view";
import { buildActions, type LabelIntents } from "./label-actions";
import { labelSelection } from "./label-gestures";
import type { MapHandle } from "./map-canvas";
import { useProject, useView } from "./project-context";

function selectIntents({ selection, map, sync, screen }: ProjectSession) {
  const numImages = () => map.getState().data?.numImages ?? 0;
  const select = (indexes: Uint32Array) =>
    setSelection(selection, indexes, { gesture: "keyboard", now_ms: performance.now() });
  return {
    clearSelection: () => clearSelection(selection),
    selectAll: () => select(Uint32Array.from({ length: numImages() }, (_, index) => index)),
    invertSelection: () => select(invertIndexes(selection.getState().indexes, numImages())),
    selectUnlabelled: () => select(unlabelledIndexes(sync.labels.getState().shown, numImages())),
    openImage: () => screen.setState({ openImage: selection.getState().indexes[0] ?? null }),
  };
}

function viewIntents({ view, map }: ProjectSession) {
  return {
    setLayout: (layout: "whole" | "crop") => view.setState({ layout }),
    setDragMode: (dragMode: "lasso" | "box" | "pan") => view.setState({ dragMode }),
    setColour: (colourBy: "label" | "prediction" | "confidence") => view.setState({ colourBy }),
    setDisplay: (display: "auto" | "dots" | "thumbnails") => view.setState({ display }),
    cycleColour: () =>
      view.setState({ colourBy: nextOf(["label", "prediction", "confidence"], view.getState().colourBy) }),
    cycleDisplay: () =>
      view.setState({ display: nextOf(["auto", "thumbnails", "dots"], view.getState().display) }),
    stepRetention: (step: number) => {
      const { layout, retentions } = view.getState();
      setRetention(view, stepRetention(retentions[layout], step * RETENTION_STEP));
    },
    stepSize: (step: number) => {
      const shown = view.getState().sizePx ?? autoSizePx(map.getState().data?.numImages ?? 0);
      const sizePx = shown + step * SIZE_STEP_PX;
      view.setState({ sizePx: Math.min(MAX_SIZE_PX, Math.max(MIN_SIZE_PX, sizePx)) });
    },
  };
}

async function startTraining(projectId: number): Promise<void> {
  try {
    const params = { path: { project_id: projectId } };
    await unwrap(api.POST("/api/v1/projects/{project_id}/training", { params }));
  } catch (error) {
    notifications.show({ message: `Training did not start: ${messageOf(error)}`, color: "yellow" });
  }
}

export function useLabelActions(map: RefObject<MapHandle | null>): {
  actions: AppAction[];
  intents: LabelIntents;
} {
  const { session, project, classes, may } = useProject();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("dark") === "dark";
  const [, navigate] = useLocation();
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const numImages = useStore(session.map, (state) => state.data?.numImages ?? 0);
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  const layout = useView((view) => view.layout);

  const intents = useMemo<LabelIntents>(() => {
    const { screen, sync, projectId } = session;
    const pages = {
      projects: "/",
      models: `/projects/${projectId}/models`,
      settings: `/projects/${projectId}/settings`,
      export: `/projects/${projectId}/settings/export`,
    };
    return {
      ...selectIntents(session),
      ...viewIntents(session),
      assign: (classId) => labelSelection(session, classId),
      clearLabels: () => labelSelection(session, null),
      undo: () => {
        screen.setState({ lastLabel: null });
        void sync.undo();
      },
      redo: () => {
        screen.setState({ lastLabel: null });
        void sync.redo();
      },
      addClass: () => screen.setState({ addClassRequest: screen.getState().addClassRequest + 1 }),
      fit: () => map.current?.fit(),
      help: () => screen.setState({ isHelpOpen: true }),
      palette: () => spotlight.open(),
      theme: () => setColorScheme(isDark ? "light" : "dark"),
      train: () => void startTraining(projectId),
      importFiles: () => screen.setState({ isImportOpen: true }),
      go: (page) => navigate(pages[page]),
    };
  }, [session, map, isDark, setColorScheme, navigate]);

  const actions = useMemo(
    () =>
      buildActions(
        {
          classes,
          numSelected,
          numImages,
          hasModel,
          mayLabel: may("label"),
          mayEditClasses: may("editClasses"),
          mayTrain: may("train") && project.weights_message === null,
          mayImport: may("import"),
          layout,
        },
        intents,
      ),
    [classes, numSelected, numImages, hasModel, may, project.weights_message, layout, intents],
  );
  return { actions, intents };
}
