import { useHotkeys } from "@mantine/hooks";
import { isKeyTaken } from "../../lib/key-target";
import { wasLayerOpen } from "../../lib/open-layers";

/**
 * Keys of a screen or dialog: they work wherever the focus is, but for fields and the keys of focused controls. Escape is
 * the screen's when no menu, form or dialog takes it.
 */
export function useScreenKeys(bindings: readonly [hotkey: string, run: () => void][]): void {
  useHotkeys(
    bindings.map(([hotkey, run]) => [
      hotkey,
      (event) => {
        const target = event.target instanceof HTMLElement ? event.target : null;
        if (isKeyTaken(target, event.key) || (hotkey === "escape" && wasLayerOpen())) return;
        event.preventDefault();
        run();
      },
      { preventDefault: false },
    ]),
    [],
    true,
  );
}
