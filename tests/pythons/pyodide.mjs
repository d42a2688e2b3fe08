// node pyodide.mjs FOLDER -c PROGRAM: as `python -c PROGRAM`, by the Pyodide in FOLDER.
import { existsSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, , program] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: folder + sep, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });

// Folders of this machine appear under the same names, so that what Python says of them is true here.
const named = [process.cwd(), ...(process.env.PYTHONPATH ?? "").split(delimiter)];
const folders = named.filter((path) => path.startsWith(sep) && existsSync(path));
const outermost = folders.filter((path) => !folders.some((other) => other !== path && path.startsWith(other + sep)));
for (const root of new Set(outermost)) {
  python.FS.mkdirTree(root);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, root);
}
python.FS.chdir(process.cwd());

try {
  // Python looked for the folders of PYTHONPATH before they were there.
  python.runPython(`import importlib, sys\nimportlib.invalidate_caches()\nsys.path.insert(0, "")\n${program}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
