/** Ties the registry of actions to the stores and the map. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { spotlight } from "@mantine/spotlight";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useMemo } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { probabilityQuery } from "../../api/array-queries";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { AppAction } from "../../lib/actions";
import { countDoubtful, nextDoubt } from "../../lib/doubt";
import { NO_FILTER } from "../../lib/filter";
import { reportLabel } from "../../lib/guard";
import { invertIndexes, unlabelledIndexes } from "../../lib/selections";
import { shownAlone } from "../../lib/shown-alone";
import { onlyPassing, showAlone } from "../../state/filter";
import type { ProjectSession } from "../../state/project-session";
import { clearSelection, leaveOut, setSelection } from "../../state/selection";
import {
  autoSizePx,
  type ColourBy,
  MAX_SIZE_PX,
  MIN_SIZE_PX,
  nextOf,
  RETENTION_STEP,
  SIZE_STEP_PX,
  setRetention,
  stepRetention,
} from "../../state/view";
import { cancelLabel, confirmLabel, requestLabel } from "./guarded-label";
import { buildActions, type LabelIntents } from "./label-actions";
import { undoLast } from "./label-gestures";
import { windowSize } from "./map-room";
import { SelectionGrowth, selectActions } from "./map-select-actions";
import type { MapHandle } from "./map-setup";
import { useProject, useView } from "./project-context";

function selectIntents({ selection, map, sync, screen, filter }: ProjectSession) {
  const numImages = () => map.getState().data?.numImages ?? 0;
  const select = (indexes: Uint32Array) =>
    setSelection(selection, onlyPassing(filter, indexes), {
      gesture: "keyboard",
      now_ms: performance.now(),
    });
  return {
    selectAll: () => select(Uint32Array.from({ length: numImages() }, (_, index) => index)),
    invertSelection: () => select(invertIndexes(selection.getState().indexes, numImages())),
    selectUnlabelled: () => select(unlabelledIndexes(sync.labels.getState().shown, numImages())),
    openImage: () => {
      const first = screen.getState().gridOrder[0] ?? selection.getState().indexes[0] ?? null;
      screen.setState({ openImage: first });
    },
  };
}

function viewIntents({ view, map }: ProjectSession) {
  return {
    setLayout: (layout: "whole" | "crop") => view.setState({ layout }),
    toggleSplit: () => view.setState({ isSplit: !view.getState().isSplit }),
    setDragMode: (dragMode: "lasso" | "box" | "pan") => view.setState({ dragMode }),
    setColour: (colourBy: ColourBy) => view.setState({ colourBy }),
    setDisplay: (display: "auto" | "dots" | "thumbnails") => view.setState({ display }),
    cycleColour: () =>
      view.setState({
        colourBy: nextOf<ColourBy>(["label", "prediction", "confidence"], view.getState().colourBy),
      }),
    cycleDisplay: () =>
      view.setState({ display: nextOf(["auto", "thumbnails", "dots"], view.getState().display) }),
    stepRetention: (step: number) => {
      const { layout, retentions } = view.getState();
      setRetention(view, stepRetention(retentions[layout], step * RETENTION_STEP));
    },
    stepSize: (step: number) => {
      const shown = view.getState().sizePx ?? autoSizePx(map.getState().data?.numImages ?? 0, windowSize());
      const sizePx = shown + step * SIZE_STEP_PX;
      view.setState({ sizePx: Math.min(MAX_SIZE_PX, Math.max(MIN_SIZE_PX, sizePx)) });
    },
  };
}

/** Take out what the guard shows as doubtful; the same numbers that it shows are in the cache. */
function dropDoubtful(session: ProjectSession, queryClient: QueryClient): void {
  const { screen, selection, sync, map, projectId } = session;
  const pending = screen.getState().pendingLabel;
  const data = map.getState().data;
  if (!pending || !data) return;
  const { queryKey } = probabilityQuery(projectId, data.modelVersion, pending.classId);
  const { doubtful } = reportLabel({
    indexes: selection.getState().indexes,
    classId: pending.classId,
    labels: sync.labels.getState().shown,
    predictions: data.predictedClass,
    probability: queryClient.getQueryData<Uint8Array | null>(queryKey) ?? null,
    annotators: null,
  });
  leaveOut(selection, doubtful);
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
  const queryClient = useQueryClient();
  const isGuarding = useStore(session.screen, (screen) => screen.pendingLabel !== null);
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const numImages = useStore(session.map, (state) => state.data?.numImages ?? 0);
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  const layout = useView((view) => view.layout);

  const intents = useMemo<LabelIntents>(() => {
    const { screen, sync, projectId } = session;
    const pages = {
      projects: "/",
      activity: `/projects/${projectId}/activity`,
      confirm: `/projects/${projectId}/confirm`,
      review: `/projects/${projectId}/review`,
      models: `/projects/${projectId}/models`,
      settings: `/projects/${projectId}/settings`,
      export: `/projects/${projectId}/settings/export`,
    };
    return {
      ...selectIntents(session),
      ...viewIntents(session),
      assign: (classId) => requestLabel(session, classId),
      clearLabels: () => requestLabel(session, null),
      confirmLabel: () => confirmLabel(session),
      dropDoubtful: () => dropDoubtful(session, queryClient),
      clearSelection: () => {
        if (!cancelLabel(session)) clearSelection(session.selection);
      },
      findClass: () => screen.setState({ findClassRequest: screen.getState().findClassRequest + 1 }),
      openFilter: () => screen.setState({ isFilterOpen: !screen.getState().isFilterOpen }),
      clearFilter: () => session.filter.setState({ filter: NO_FILTER, hidesRest: false }),
      nextDoubt: () => {
        const counts = countDoubtful(session.map.getState().data, sync.labels.getState().shown);
        const { step } = shownAlone(session.filter.getState().filter);
        showAlone(session.filter, { step: nextDoubt(step, counts) });
      },
      toggleWideGrid: () => session.grid.setState({ isWide: !session.grid.getState().isWide }),
      undo: () => undoLast(session),
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
      removeImages: () => screen.setState({ isRemoveOpen: true }),
      go: (page) => navigate(pages[page]),
    };
  }, [session, map, isDark, setColorScheme, navigate, queryClient]);

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
          mayRemoveImages: may("removeImages"),
          layout,
          isGuarding,
        },
        intents,
      ),
    [classes, numSelected, numImages, hasModel, may, project.weights_message, layout, isGuarding, intents],
  );
  const growth = useMemo(() => new SelectionGrowth(session, () => map.current), [session, map]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: predictions come with the first model
  const selects = useMemo(
    () => selectActions(session, classes, growth),
    [session, classes, growth, hasModel],
  );
  return { actions: useMemo(() => [...actions, ...selects], [actions, selects]), intents };
}
