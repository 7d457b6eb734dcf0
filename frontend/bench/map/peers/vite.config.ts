/** Builds the pages of the peers: `vite build --config bench/map/peers/vite.config.ts --outDir <folder>`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  root: at("."),
  base: "./",
  build: {
    target: "es2022",
    emptyOutDir: true,
    manifest: true,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { deck: at("deck.html"), pixi: at("pixi.html") },
    },
  },
});
