import features from '@mdn/browser-compat-data' with { type: 'json' };

/** Major version of Chromium that must still show the pages: two years old (ADR 0061). */
export const OLDEST_CHROMIUM = 131;

/** @returns what MDN knows of an interface of the web or of the language; `undefined` where it knows none of that name */
function interfaceOf(name) {
  return Object.hasOwn(features.api, name) ? features.api[name] : features.javascript.builtins[name];
}

/** @returns the first version that has it without a switch, `Infinity` for none, `undefined` where nothing is known */
function sinceOf(feature) {
  const support = feature?.__compat?.support.chrome;
  if (support === undefined) return undefined;
  const versions = [support].flat().filter(({ flags }) => !flags);
  const added = versions.map(({ version_added: version }) => parseInt(String(version).replace('≤', ''), 10));
  return Math.min(...added.map((version) => (Number.isNaN(version) ? Infinity : version)));
}

/** @returns the name of the interface, or of the constructor, in which the language's libraries declare a symbol */
function homeOf(declaration) {
  for (let at = declaration.parent; at !== undefined; at = at.parent) {
    if (at.name?.text !== undefined) return at.name.text;
  }
  return undefined;
}

function featureOf(declaration, name) {
  const home = homeOf(declaration);
  if (home === undefined) return interfaceOf(name) ?? interfaceOf('Window')[name];
  const known = interfaceOf(home.replace(/Constructor$/, ''));
  return known?.[name] ?? known?.[`${name}_static`];
}

/** Refuses what {@link OLDEST_CHROMIUM} does not know, by the types of what is used and MDN's data. */
const known = {
  meta: { type: 'problem', schema: [], messages: { young: '{{ name }} came with Chromium {{ since }}' } },
  create(context) {
    const { program, esTreeNodeToTSNodeMap: nodes } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    return {
      Identifier(node) {
        const symbol = checker.getSymbolAtLocation(nodes.get(node));
        for (const declaration of symbol?.declarations ?? []) {
          if (!program.isSourceFileDefaultLibrary(declaration.getSourceFile())) continue;
          const since = sinceOf(featureOf(declaration, node.name));
          if (since === undefined || since <= OLDEST_CHROMIUM) continue;
          context.report({ node, messageId: 'young', data: { name: node.name, since: String(since) } });
          break;
        }
      },
    };
  },
};

export default { rules: { known } };
