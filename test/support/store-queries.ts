// This file reads every query of the store out of its source, with TypeScript's own parser and checker: the statements written there, word
// for word where their text does not depend on the moment, and the places where a query is run. The interface is marked unstable by its
// makers; the lock file pins the version, and only this file knows it.
import { join, relative } from 'node:path';
import {
  type Expression,
  isAsExpression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isFunctionDeclaration,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isNumericLiteral,
  isObjectLiteralExpression,
  isParenthesizedExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isReturnStatement,
  isSatisfiesExpression,
  isShorthandPropertyAssignment,
  isSpreadAssignment,
  isSpreadElement,
  isStringLiteral,
  isTemplateExpression,
  isVariableDeclaration,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API, type Checker, type Symbol as DeclaredName, SymbolFlags } from 'typescript/unstable/sync';

/** One call of `.query(` in the store. */
export interface QueryCall {
  /** Relative to the repository: `src/store/tenants.ts`. */
  readonly file: string;
  readonly line: number;
  /** Of the name `query`, from 1: what a stack trace says of the call. */
  readonly column: number;
  /** Every text it can run, word for word; null when the text is put together at run time. */
  readonly texts: readonly string[] | null;
}

/** One literal that begins like a statement. */
export interface Statement {
  readonly file: string;
  readonly line: number;
  /** Its texts, as above. */
  readonly texts: readonly string[] | null;
  /** What stands in the source between the parts that are put in, in order. */
  readonly pieces: readonly string[];
}

export interface StoreQueries {
  readonly calls: readonly QueryCall[];
  readonly statements: readonly Statement[];
}

/** One choice of what a name or a condition can be at run time; the same everywhere in one text. */
type Choices = ReadonlyMap<string, string>;
interface Reading {
  readonly text: string;
  readonly choices: Choices;
}

/** A text with more variants than this is one that is put together at run time. */
const VARIANTS_MAX = 64;
/** Names that lead to names; a circle ends here. */
const DEPTH_MAX = 20;
const STATEMENT =
  /^\s*(?:(?:select|values|listen|notify|reset)\s|insert into\s|update \S+|delete from\s|with \w+ (?:\([^)]*\) )?as |(?:create|drop|alter|truncate|lock) \w+|set \w+|merge into\s|begin\b)/;

/** Reads the sources of the store below `root` (tests left out) as tsconfig.json there sees them. */
export function readStoreQueries(root: string): StoreQueries {
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] }).getProjects()[0];
    if (!project) throw new Error('tsconfig.json gives no project');
    const store = join(root, 'src/store/');
    const names = project.program.getSourceFileNames().filter((name) => name.startsWith(store) && !name.endsWith('.test.ts'));
    const read = names.map((name) => {
      const source = project.program.getSourceFile(name);
      if (!source) throw new Error(`${name} could not be read`);
      return readFile(relative(root, name), source, project.checker);
    });
    return { calls: read.flatMap(({ calls }) => calls), statements: read.flatMap(({ statements }) => statements) };
  } finally {
    api.close();
  }
}

function readFile(file: string, source: SourceFile, checker: Checker): StoreQueries {
  const calls: QueryCall[] = [];
  const statements: Statement[] = [];
  const reader = new Reader(checker);
  const at = (node: Node) => {
    const before = source.text.slice(0, node.getStart(source));
    return { file, line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
  };
  const visit = (node: Node) => {
    if (isCallExpression(node) && isPropertyAccessExpression(node.expression) && node.expression.name.text === 'query') {
      calls.push({ ...at(node.expression.name), texts: reader.queryTexts(node.arguments[0]) });
    }
    const pieces = piecesOf(node);
    if (pieces && STATEMENT.test(pieces[0] ?? '')) {
      // The statement is a whole expression; the parser's own node type says so for every literal.
      const texts = reader.texts(node as Expression); // a literal is an expression
      const { line } = at(node);
      statements.push({ file, line, texts, pieces });
    }
    node.forEachChild((child) => void visit(child));
  };
  visit(source);
  return { calls, statements };
}

function piecesOf(node: Node): string[] | null {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
  return null;
}

/** Works out what an expression can be, by following names to their constants; null as soon as one thing is known at run time only. */
class Reader {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  texts(node: Expression): string[] | null {
    const readings = this.#read(node, new Map(), 0);
    return readings && [...new Set(readings.map(({ text }) => text))];
  }

  /** Of the first argument of `.query(`: a text, or an object with `text`. */
  queryTexts(argument: Expression | undefined): string[] | null {
    if (!argument || isSpreadElement(argument)) return null;
    const text = this.#textProperty(argument, 0);
    return this.texts(text ?? argument);
  }

  /** The `text` of a query object, through spreads and names; null when the expression is none. */
  #textProperty(node: Expression, depth: number): Expression | null {
    if (depth > DEPTH_MAX) return null;
    if (isIdentifier(node)) {
      const value = this.#initializer(node);
      return value ? this.#textProperty(value, depth + 1) : null;
    }
    if (!isObjectLiteralExpression(node)) return null;
    for (const property of node.properties) {
      if (isPropertyAssignment(property) && property.name.getText() === 'text') return property.initializer;
      if (isShorthandPropertyAssignment(property) && property.name.getText() === 'text') {
        const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
        return symbol ? this.#valueOf(symbol) : null;
      }
      if (isSpreadAssignment(property)) {
        const inner = this.#textProperty(property.expression, depth + 1);
        if (inner) return inner;
      }
    }
    return null;
  }

  #read(node: Expression, choices: Choices, depth: number): Reading[] | null {
    if (depth > DEPTH_MAX) return null;
    const go = (next: Expression, with_: Choices = choices) => this.#read(next, with_, depth + 1);
    if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) || isNumericLiteral(node)) return [{ text: node.text, choices }];
    if (isParenthesizedExpression(node) || isAsExpression(node) || isSatisfiesExpression(node)) return go(node.expression);
    if (isTemplateExpression(node)) {
      const parts = node.templateSpans.flatMap((span) => [span.expression, span.literal.text]);
      return this.#join([node.head.text, ...parts], choices, depth);
    }
    if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.PlusToken)
      return this.#join([node.left, node.right], choices, depth);
    if (isConditionalExpression(node)) return this.#branch(node.condition, [node.whenTrue, node.whenFalse], choices, depth);
    if (isCallExpression(node)) return this.#call(node, choices, depth);
    if (isPropertyAccessExpression(node)) {
      const value = this.#initializer(node.name);
      return value ? go(value) : this.#byType(node, choices);
    }
    if (!isIdentifier(node)) return this.#byType(node, choices);
    const chosen = choices.get(node.text);
    if (chosen !== undefined) return [{ text: chosen, choices }];
    const value = this.#initializer(node);
    return (value ? go(value) : null) ?? this.#byType(node, choices);
  }

  /** Puts parts together, every variant of one with every variant of the others, each thing chosen once. */
  #join(parts: readonly (string | Expression)[], choices: Choices, depth: number): Reading[] | null {
    let readings: Reading[] = [{ text: '', choices }];
    for (const part of parts) {
      const next: Reading[] = [];
      for (const reading of readings) {
        const found = typeof part === 'string' ? [{ text: part, choices: reading.choices }] : this.#read(part, reading.choices, depth + 1);
        if (!found) return null;
        next.push(...found.map(({ text, choices: chosen }) => ({ text: reading.text + text, choices: chosen })));
      }
      if (next.length > VARIANTS_MAX) return null;
      readings = next;
    }
    return readings;
  }

  /** Both branches, unless the condition compares a name that was chosen already. */
  #branch(condition: Expression, [yes, no]: readonly [Expression, Expression], choices: Choices, depth: number): Reading[] | null {
    const comparison =
      isBinaryExpression(condition) && condition.operatorToken.kind === SyntaxKind.EqualsEqualsEqualsToken ? condition : null;
    if (comparison && isIdentifier(comparison.left) && isStringLiteral(comparison.right)) {
      const names = this.#byType(comparison.left, choices);
      if (names) {
        const { text: wanted } = comparison.right;
        return this.#all(names.map((name) => this.#read(name.text === wanted ? yes : no, name.choices, depth + 1)));
      }
    }
    const name = condition.getText();
    const either = (['true', 'false'] as const).filter((value) => (choices.get(name) ?? value) === value);
    return this.#all(either.map((value) => this.#read(value === 'true' ? yes : no, new Map([...choices, [name, value]]), depth + 1)));
  }

  /** A function of the store that returns one expression made of its parameters. */
  #call(node: Node, choices: Choices, depth: number): Reading[] | null {
    if (!isCallExpression(node) || !isIdentifier(node.expression)) return null;
    const declared = this.#declaration(node.expression);
    if (!declared || !isFunctionDeclaration(declared) || !declared.body) return null;
    const returned = declared.body.statements.filter(isReturnStatement);
    const result = returned.length === 1 ? returned[0]?.expression : undefined;
    if (!result) return null;
    const inner = new Map<string, string>();
    for (const [index, parameter] of declared.parameters.entries()) {
      const argument = node.arguments[index];
      const given = argument && this.#read(argument, choices, depth + 1);
      if (!isIdentifier(parameter.name) || given?.length !== 1 || !given[0]) return null;
      inner.set(parameter.name.text, given[0].text);
    }
    return this.#read(result, inner, depth + 1)?.map(({ text }) => ({ text, choices })) ?? null;
  }

  /** What the checker knows: a name whose type is a closed list of strings is each of them in turn. */
  #byType(node: Expression, choices: Choices): Reading[] | null {
    const name = node.getText();
    const chosen = choices.get(name);
    if (chosen !== undefined) return [{ text: chosen, choices }];
    const type = this.#checker.getTypeAtLocation(node);
    const members = type?.isUnionType() ? type.getTypes() : type ? [type] : [];
    const values = members.map((member) => (member.isLiteralType() ? member.value : undefined));
    if (values.length === 0 || !values.every((value) => typeof value === 'string' || typeof value === 'number')) return null;
    return values.map((value) => ({ text: String(value), choices: new Map([...choices, [name, String(value)]]) }));
  }

  #all(readings: readonly (Reading[] | null)[]): Reading[] | null {
    return readings.includes(null) ? null : readings.flatMap((reading) => reading ?? []);
  }

  #initializer(name: Node): Expression | null {
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol ? this.#valueOf(symbol) : null;
  }

  /** The initializer of a constant or of a property of a constant object. */
  #valueOf(symbol: DeclaredName): Expression | null {
    const declared = this.#declarationOf(symbol);
    if (!declared) return null;
    if (isPropertyAssignment(declared)) return declared.initializer;
    if (!isVariableDeclaration(declared) || !isIdentifier(declared.name) || !declared.parent.getText().startsWith('const ')) return null;
    return declared.initializer ?? null;
  }

  #declaration(name: Node): Node | null {
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol ? this.#declarationOf(symbol) : null;
  }

  #declarationOf(symbol: DeclaredName): Node | null {
    const own = symbol.flags & SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return own.valueDeclaration?.resolve() ?? null;
  }
}
