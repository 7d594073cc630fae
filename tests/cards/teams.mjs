/** Runs in the page: shows a card by Microsoft's renderer, dressed as Teams dresses it, and gives what is wrong with it. */
export function teams(content) {
  const { AdaptiveCard, HostConfig } = globalThis.AdaptiveCards;
  const colours = (colour, subtle) => ({ default: colour, subtle });
  const spacing = { small: 4, default: 8, medium: 12, large: 16, extraLarge: 20, padding: 16 };
  const markdown = globalThis.markdownit();
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig({
    fontFamily: "DejaVu Sans Condensed, DejaVu Sans, sans-serif",
    fontSizes: { small: 11, default: 13, medium: 15, large: 17, extraLarge: 20 },
    fontWeights: { lighter: 300, default: 400, bolder: 700 },
    lineHeights: { small: 15, default: 17, medium: 20, large: 22, extraLarge: 26 },
    spacing,
    containerStyles: {
      default: {
        backgroundColor: "#ffffff",
        foregroundColors: {
          default: colours("#242424", "#616161"),
          accent: colours("#5b5fc7", "#5b5fc7"),
          good: colours("#13740f", "#13740f"),
          warning: colours("#8a5a00", "#8a5a00"),
          attention: colours("#c4314b", "#c4314b"),
        },
      },
    },
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
    factSet: {
      title: { weight: "bolder", wrap: true, maxWidth: 150 },
      value: { wrap: true },
      spacing: 12,
    },
  });
  card.parse(content);
  const shown = card.render();
  if (!shown) return ["the renderer shows nothing"];
  document.querySelector("#teams").append(shown);
  const texts = content.body.filter((element) => element.type === "TextBlock").length;
  const found = shown.querySelectorAll(".ac-textBlock").length;
  const buttons = shown.querySelectorAll("button").length;
  const wrong = [];
  if (found < texts) wrong.push(`${found} texts are shown of ${texts}`);
  if (buttons !== (content.actions ?? []).length) wrong.push(`${buttons} buttons are shown`);
  return wrong;
}
