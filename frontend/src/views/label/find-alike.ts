/** More like these: the images that look most like some, wherever they lie on the map. Loaded when first asked for. */
import { notifications } from "@mantine/notifications";
import { api, unwrap } from "../../api/client";
import { NeighboursInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { onlyPassing } from "../../state/filter";
import type { ProjectSession } from "../../state/project-session";

/** The server finds so many images at once. */
const MAX_FOUND = NeighboursInLimits.num.maximum;
/** Asked for in place of each wanted one, as some do not pass the filter; multiplied again while too few do. */
const FACTOR = 8;

/**
 * The `num` images most like `examples` among those that pass the filter, most alike first; fewer where there are no more.
 * By whole images or by crops, as the map shows them. None, and a message, where nothing can be found or where the server
 * does not take so many examples.
 */
export async function findAlike(
  session: ProjectSession,
  examples: Uint32Array,
  num: number,
): Promise<Uint32Array> {
  try {
    const found = await searchWide(session, examples, num);
    if (found.length === 0)
      notifications.show({ message: "None of the images most alike passes the filter", color: "yellow" });
    return found;
  } catch (error) {
    notifications.show({ message: `Nothing was found: ${messageOf(error)}`, color: "yellow" });
    return new Uint32Array();
  }
}

async function searchWide(session: ProjectSession, examples: Uint32Array, num: number): Promise<Uint32Array> {
  const { layout } = session.view.getState();
  for (let asked = FACTOR * num; ; asked *= FACTOR) {
    const most = Math.min(asked, MAX_FOUND);
    const { image_indexes } = await unwrap(
      api.POST("/api/v1/projects/{project_id}/neighbours", {
        params: { path: { project_id: session.projectId } },
        body: { image_indexes: [...examples], num: most, view: layout },
      }),
    );
    const passing = onlyPassing(session.filter, Uint32Array.from(image_indexes)).subarray(0, num);
    if (passing.length === num || image_indexes.length < most || most === MAX_FOUND) return passing;
  }
}
