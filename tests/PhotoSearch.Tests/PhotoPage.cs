using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace PhotoSearch.Tests;

/// <summary>The page in a browser, and what a visitor does with it. What the page reports as an error fails the test.</summary>
public sealed class PhotoPage : IAsyncDisposable
{
    private const string Results = "[...document.querySelectorAll('#hits > li .name')].map(name => name.title)";
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly List<string> _errors = [];

    private PhotoPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Add(error.Message);
        page.Console += (_, line) =>
        {
            // Chromium writes a line for each answer that is an error; those are looked at where they are asked for.
            if (line.Message.Type == ConsoleType.Error && !line.Message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _errors.Add(line.Message.Text);
            }
        };
    }

    public IPage Page { get; }

    public static async Task<PhotoPage> OpenAsync(IPage page, string address, int width, int height, bool dark)
    {
        PhotoPage opened = new(page);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = height });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);
        await page.GoToAsync(address);
        await opened.UntilAsync("document.getElementById('status').textContent.includes('Choose a picture')");
        return opened;
    }

    /// <summary>The ids of the hits, in their order.</summary>
    public Task<string[]> HitsAsync() => Page.EvaluateExpressionAsync<string[]>(Results);

    public Task<string> TextAsync(string selector) => Page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).textContent", selector);

    public Task<string> FocusAsync() => Page.EvaluateExpressionAsync<string>("document.activeElement.id || document.activeElement.textContent");

    /// <summary>Does something, and waits until a search that it caused is answered.</summary>
    public async Task<string[]> SearchByAsync(Func<Task> action)
    {
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Listen(object? sender, ResponseCreatedEventArgs e)
        {
            if (e.Response.Url.EndsWith("api/search", StringComparison.Ordinal))
            {
                answered.TrySetResult();
            }
        }

        Page.Response += Listen;
        try
        {
            await action();
            await answered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            Page.Response -= Listen;
        }

        await UntilAsync("document.getElementById('hits').getAttribute('aria-busy') === 'false'");
        return await HitsAsync();
    }

    public Task<string[]> SearchForAsync(string text) => SearchByAsync(async () =>
    {
        await Page.EvaluateExpressionAsync("document.getElementById('text').select()");
        await Page.TypeAsync("#text", text);
        await Page.Keyboard.PressAsync("Enter");
    });

    /// <summary>Moves a slider as a hand does: by key, which fires the same events.</summary>
    public Task<string[]> SlideAsync(string id, double value) => SearchByAsync(() => Page.EvaluateFunctionAsync(
        "(id, value) => { const slider = document.getElementById(id); slider.value = value; slider.dispatchEvent(new Event('input')); slider.dispatchEvent(new Event('change')); }",
        id, value.ToString(CultureInfo.InvariantCulture)));

    public async Task UploadAsync(params string[] files)
    {
        IElementHandle input = await Page.QuerySelectorAsync("#files");
        await input.UploadFileAsync(files);
    }

    /// <summary>Waits for a condition; the page's policy forbids what the browser driver's own waiting does.</summary>
    public async Task UntilAsync(string condition)
    {
        for (int i = 0; i < 400; i++)
        {
            if (await Page.EvaluateExpressionAsync<bool>(condition))
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"It did not come about that {condition}. The page says: {await TextAsync("#status")} {await TextAsync("#problem")} {string.Join(" ", _errors)}");
    }

    /// <summary>What axe finds wrong, one line each, with every rule of WCAG 2.2 AA and its best practices.</summary>
    public async Task<string[]> AccessibilityViolationsAsync()
    {
        await Page.EvaluateExpressionAsync(Axe);
        string json = await Page.EvaluateFunctionAsync<string>("""
            async () => {
                const found = await axe.run({ rules: { "target-size": { enabled: true } } });
                if (found.passes.length < 20) throw new Error(`Only ${found.passes.length} rules passed: the page is not there.`);
                return JSON.stringify(found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}: ${node.failureSummary}`)));
            }
            """);
        return JsonSerializer.Deserialize<string[]>(json)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Page.BrowserContext.CloseAsync();
        Assert.True(_errors.Count == 0, string.Join(Environment.NewLine, _errors));
    }
}
