/** The open project for everything on its page. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { keys } from "../../api/queries";
import type { LabelClass, Project } from "../../api/types";
import { formatPercent } from "../../lib/format";
import { modelName } from "../../lib/model-name";
import { may, type Permission } from "../../lib/permissions";
import { openProjectSession, type ProjectSession, type SessionListener } from "../../state/project-session";
import type { ViewState } from "../../state/view";
import { SIGNED_IN_EVENT, useUser } from "../session/session-gate";

export interface ProjectContextValue {
  project: Project;
  /** Not archived, in order. */
  classes: readonly LabelClass[];
  archived: readonly LabelClass[];
  classById: ReadonlyMap<number, LabelClass>;
  session: ProjectSession;
  may: (permission: Permission) => boolean;
}

const ProjectContext = createContext<ProjectContextValue | null>(null);

export function useProject(): ProjectContextValue {
  const value = useContext(ProjectContext);
  if (!value) throw new Error("useProject outside of ProjectProvider");
  return value;
}

/** A part of the person's view of the map. */
export function useView<T>(select: (view: ViewState) => T): T {
  return useStore(useProject().session.view, select);
}

export interface ProjectProviderProps {
  project: Project;
  classes: readonly LabelClass[];
  children: ReactNode;
}

export function ProjectProvider({ project, classes, children }: ProjectProviderProps) {
  const session = useSession(project);
  const value = useMemo<ProjectContextValue | null>(() => {
    if (!session) return null;
    return {
      project,
      session,
      classes: classes.filter((entry) => !entry.is_archived),
      archived: classes.filter((entry) => entry.is_archived),
      classById: new Map(classes.map((entry) => [entry.id, entry])),
      may: (permission) => may(project.role, permission),
    };
  }, [project, classes, session]);
  if (!value) return null;
  return <ProjectContext.Provider value={value}>{children}</ProjectContext.Provider>;
}

function useSession(project: Project): ProjectSession | null {
  const user = useUser();
  const queryClient = useQueryClient();
  const [session, setSession] = useState<ProjectSession | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed project is the same session
  useEffect(() => {
    const projectId = project.id;
    const listener: SessionListener = {
      onStale: (what) => void queryClient.invalidateQueries({ queryKey: keys[what](projectId) }),
      onNotice: (message) => notifications.show({ message, color: "yellow" }),
      onModel: (modelNumber) => void announceModel(modelNumber),
    };
    const announceModel = async (modelNumber: number) => {
      await queryClient.refetchQueries({ queryKey: keys.project(projectId) });
      const model = queryClient.getQueryData<Project>(keys.project(projectId))?.model;
      const accuracy = model?.accuracy;
      const detail = accuracy == null ? "" : ` with ${formatPercent(accuracy)} held-out accuracy`;
      notifications.show({
        message: `${modelName({ number: modelNumber, is_provisional: model?.is_provisional ?? false })} has arrived${detail}.`,
      });
    };
    const opened = openProjectSession(project, user.id, listener);
    const sendNow = () => opened.sync.sendNow();
    window.addEventListener("online", sendNow);
    window.addEventListener(SIGNED_IN_EVENT, sendNow);
    setSession(opened);
    return () => {
      window.removeEventListener("online", sendNow);
      window.removeEventListener(SIGNED_IN_EVENT, sendNow);
      opened.stop();
    };
  }, [project.id, user.id]);

  return session;
}
