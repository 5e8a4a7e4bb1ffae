namespace ZeroShotCir.Tests.Pages;

/// <summary>A fenced block of a page: its language as the fence names it, and the line of the page that its text begins on, counted from 1.</summary>
internal sealed record PageBlock(Page Page, int Line, string Language, string Text);
