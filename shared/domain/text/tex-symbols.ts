/** Parses pairs, as in `alpha α beta β`, into a map. */
function toMap(pairs: string): ReadonlyMap<string, string> {
  const words = pairs.trim().split(/\s+/);
  return new Map(words.flatMap((word, n) => (n % 2 === 0 ? [[word, words[n + 1] ?? ''] as const] : [])));
}

/** Parses pairs of characters, as in `0⁰1¹`, into a map. */
function toCharacterMap(pairs: string): ReadonlyMap<string, string> {
  return new Map(Array.from(pairs.match(/\S\S/gu) ?? [], ([from = '', to = '']) => [from, to] as const));
}

/** The characters of macros for one sign. */
export const SYMBOLS = toMap(`
  alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
  xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
  Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
  times × cdot · cdotp · div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙ wedge ∧ land ∧ vee ∨ lor ∨
  neg ¬ lnot ¬ cap ∩ cup ∪ setminus ∖ sum ∑ prod ∏ int ∫ oint ∮ partial ∂ nabla ∇ infty ∞ surd √
  le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ lesssim ≲
  gtrsim ≳ prec ≺ succ ≻ in ∈ ni ∋ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ emptyset ∅ varnothing ∅ forall ∀ exists ∃
  perp ⊥ bot ⊥ top ⊤ parallel ∥ mid ∣ vdash ⊢ models ⊨ lt < gt > triangleq ≜ coloneqq ≔
  to → rightarrow → longrightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ iff ⇔
  Leftrightarrow ⇔ mapsto ↦ uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘ rightleftharpoons ⇌ hookrightarrow ↪
  ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ imath ı jmath ȷ wp ℘ angle ∠ triangle △ square □ Box □ diamond ⋄ checkmark ✓ cmark ✓ xmark ✗
  dag † dagger † ddag ‡ ddagger ‡ S § P ¶ copyright © degree ° textdegree ° prime ′ backslash \\ textbackslash \\
  ldots … dots … dotsc … cdots ⋯ vdots ⋮ textellipsis … textemdash — textendash – textgreater > textless < textbar |
  textasciitilde ~ textasciicircum ^ textunderscore _ textdollar $ textquotesingle ' textbullet • textregistered ® texttrademark ™
  langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | Vert ‖ lVert ‖ rVert ‖ lvert | rvert | lbrace { rbrace }
  ss ß ae æ AE Æ oe œ OE Œ o ø O Ø aa å AA Å l ł L Ł i ı
  spadesuit ♠ heartsuit ♥ diamondsuit ♦ clubsuit ♣ sharp ♯ flat ♭ natural ♮
`);

/** Names of functions. TeX sets them upright: `\log` becomes `log`. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set(
  (
    'log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim limsup liminf ' +
    'arg argmax argmin det dim ker deg gcd hom Pr mod bmod TeX LaTeX'
  ).split(' '),
);

/** Macros that show their argument in another face or frame. Only the argument stays. */
export const FONT_MACROS: ReadonlySet<string> = new Set(
  (
    'text textbf textit textrm textsf textsc texttt textsl textmd textup textnormal emph underline uline mbox hbox fbox ' +
    'mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal mathop boldsymbol bm pmb operatorname ensuremath ' +
    'url uppercase lowercase overbrace underbrace phantom'
  ).split(' '),
);

/** Macros that show no sign. They switch the face, size or place. */
export const IGNORED_MACROS: ReadonlySet<string> = new Set(
  (
    'it bf em tt sc rm sf sl cal displaystyle textstyle scriptstyle limits nolimits left right big Big bigl bigr Bigl Bigr bigg Bigg ' +
    'middle xspace protect relax noindent normalfont tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge'
  ).split(' '),
);

/** Macros that refer to another part of the paper. They are removed. */
export const REFERENCES: ReadonlySet<string> = new Set(
  'cite citep citet citealt citealp citeauthor citeyear parencite textcite autocite ref eqref autoref cref Cref label footnote footnotemark thanks'.split(
    ' ',
  ),
);

/** Blackboard-bold letters that every font has. Other letters stay plain. */
export const BLACKBOARD_BOLD = toCharacterMap('CℂHℍNℕPℙQℚRℝZℤ');

/** Combining marks of accent macros. */
export const ACCENTS = toMap(`
  hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 overline \u0304 vec \u20d7 dot \u0307 ddot \u0308
  check \u030c breve \u0306 acute \u0301 grave \u0300 mathring \u030a
`);

export const SUPERSCRIPTS = toCharacterMap(`
  0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾**∗*⋆⋆∘°°°′′††‡‡⊤ᵀ
  aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻ
  AᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿTᵀUᵁVⱽWᵂβᵝγᵞδᵟθᶿφᵠχᵡ
`);

export const SUBSCRIPTS = toCharacterMap(`
  0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎,,..
  aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓβᵦγᵧρᵨφᵩχᵪ
`);
