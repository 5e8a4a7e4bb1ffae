namespace PhotoSearch.Tests;

/// <summary>The page, used in a real browser as a visitor uses it.</summary>
public sealed class PageTests(PhotoSearchSite site) : IClassFixture<PhotoSearchSite>
{
    [Fact]
    public async Task A_text_finds_pictures_with_scores_and_captions()
    {
        await using PhotoPage page = await site.OpenAsync();

        Assert.Empty(await page.AccessibilityViolationsAsync());
        string[] hits = await page.SearchForAsync("a red dress");

        Assert.Equal(24, hits.Length);
        Assert.Contains("24 images of ", await page.TextAsync("#status"), StringComparison.Ordinal);
        string[] captions = await page.Page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('#hits .caption')].map(caption => caption.textContent)");
        Assert.Equal(hits.Select(PhotoSearchSite.CaptionOf), captions);
        double[] scores = await page.Page.EvaluateExpressionAsync<double[]>("[...document.querySelectorAll('#hits .score')].map(score => Number(score.value))");
        Assert.Equal(scores.OrderDescending(), scores);
        await page.UntilAsync("[...document.querySelectorAll('#hits img')].every(image => image.complete && image.naturalWidth > 0)");
    }

    [Fact]
    public async Task A_picture_that_is_picked_and_a_change_are_searched_for_together()
    {
        await using PhotoPage page = await site.OpenAsync();

        string[] alike = await page.SearchByAsync(() => page.UploadAsync(PhotoSearchSite.Unknown));
        Assert.Equal("What should change", await page.TextAsync("#text-label"));
        string[] changed = await page.SearchForAsync("is red");

        Assert.NotEqual(alike, changed);
        Assert.Contains("TFD00000.png", await page.TextAsync("#references"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_hit_is_the_start_of_a_refinement_and_the_chain_can_be_walked_back()
    {
        await using PhotoPage page = await site.OpenAsync();
        string[] first = await page.SearchForAsync("a long dress");

        string[] alike = await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(2) .refine"));
        Assert.Equal("text", await page.FocusAsync());
        Assert.DoesNotContain(first[1], alike);
        string[] second = await page.SearchForAsync("is blue");
        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        Assert.Equal(3, (await page.Page.QuerySelectorAllAsync("#steps button")).Length);

        Assert.Equal(second, await page.SearchByAsync(() => page.Page.ClickAsync("#back")));
        Assert.Equal("is blue", await page.Page.EvaluateExpressionAsync<string>("document.getElementById('text').value"));
        Assert.Equal(first, await page.SearchByAsync(() => page.Page.ClickAsync("#steps li:first-child button")));
        Assert.Equal(second, await page.SearchByAsync(() => page.Page.EvaluateExpressionAsync("history.back()")));

        // The address is the same, but the browser keeps what the visitor had.
        await page.Page.ReloadAsync();
        await page.UntilAsync("document.querySelectorAll('#hits li').length > 0");
        Assert.Equal(second, await page.HitsAsync());
    }

    [Fact]
    public async Task The_sliders_rank_anew_at_once()
    {
        await using PhotoPage page = await site.OpenAsync();
        await page.SearchForAsync("a black dress");
        string[] before = await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        await page.SearchForAsync("is white");

        string[] image = await page.SlideAsync("alpha", 0);
        Assert.Equal("0.00", await page.TextAsync("#alpha-value"));
        string[] text = await page.SlideAsync("alpha", 1);
        string[] captions = await page.SlideAsync("beta", 1);

        Assert.Equal(before, image);
        Assert.NotEqual(image, text);
        Assert.NotEqual(text, captions);
    }

    [Fact]
    public async Task A_slider_that_is_dragged_asks_no_more_often_than_the_server_answers()
    {
        await using PhotoPage page = await site.OpenAsync();
        await page.SearchForAsync("a black dress");
        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        string[] expected = await page.SearchForAsync("is white");
        int refused = 0, asked = 0;
        page.Page.Response += (_, e) =>
        {
            asked += e.Response.Url.EndsWith("api/search", StringComparison.Ordinal) ? 1 : 0;
            refused += (int)e.Response.Status == 429 ? 1 : 0;
        };

        // A hand that moves 100 times each second for two seconds, or for longer on a busy machine, and ends where it began.
        double seconds = await page.Page.EvaluateExpressionAsync<double>("""
            new Promise(resolve => {
                const slider = document.getElementById("alpha"), begun = slider.value, start = performance.now();
                let moves = 0;
                const timer = setInterval(() => {
                    slider.value = ++moves === 200 ? begun : (moves % 21) / 20;
                    slider.dispatchEvent(new Event("input"));
                    if (moves === 200) { clearInterval(timer); resolve((performance.now() - start) / 1000); }
                }, 10);
            })
            """);
        await page.UntilAsync(
            $"document.querySelector('#hits .name')?.title === {System.Text.Json.JsonSerializer.Serialize(expected[0])} "
            + "&& document.getElementById('hits').getAttribute('aria-busy') === 'false'");

        Assert.Equal(0, refused);
        Assert.InRange(asked, 3, Math.Max(2, seconds) * 30);
        Assert.Equal(expected, await page.HitsAsync());
    }

    [Fact]
    public async Task A_bad_upload_is_said_and_changes_nothing()
    {
        await using PhotoPage page = await site.OpenAsync();
        string[] hits = await page.SearchForAsync("a red dress");

        await page.UploadAsync(site.NoPicture);
        await page.UntilAsync("document.getElementById('problem').textContent.length > 0");

        Assert.Contains("The bytes begin as no picture does", await page.TextAsync("#problem"), StringComparison.Ordinal);
        Assert.Empty(await page.Page.QuerySelectorAllAsync("#references li"));
        Assert.Equal(hits, await page.HitsAsync());
        Assert.Equal(hits, await page.SearchForAsync("a red dress"));
        Assert.Equal("", await page.TextAsync("#problem"));
    }

    [Fact]
    public async Task Several_pictures_can_be_liked_and_unliked()
    {
        await using PhotoPage page = await site.OpenAsync();
        string[] hits = await page.SearchForAsync("a dress");

        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .add"));
        string[] both = await page.SearchByAsync(() => page.Page.EvaluateFunctionAsync(
            "id => [...document.querySelectorAll('#hits li')].find(hit => hit.querySelector('.name').title === id).querySelector('.add').click()", hits[1]));
        Assert.DoesNotContain(hits[0], both);
        Assert.DoesNotContain(hits[1], both);
        string[] away = await page.SearchByAsync(() => page.Page.ClickAsync("#references li:nth-child(2) [aria-pressed]"));

        Assert.NotEqual(both, away);
        Assert.Equal("true", await page.Page.EvaluateExpressionAsync<string>("document.activeElement.getAttribute('aria-pressed')"));
    }

    [Fact]
    public async Task Hits_are_liked_and_disliked_and_it_can_be_taken_back()
    {
        await using PhotoPage page = await site.OpenAsync();
        string[] hits = await page.SearchForAsync("a dress");

        string[] more = await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(5) .liked"));
        Assert.NotEqual(hits, more);
        Assert.Contains("by more-less", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.Contains("More of ", await page.TextAsync("#judged"), StringComparison.Ordinal);
        Assert.Equal([hits[4]], await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#hits .liked[aria-pressed=true]')].map(button => button.closest('.hit').querySelector('.name').title)"));
        Assert.NotEqual(more, await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(3) .disliked")));
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.SearchByAsync(() => page.Page.ClickAsync("#judged li:nth-child(2) button"));
        Assert.Equal(hits, await page.SearchByAsync(() => page.Page.ClickAsync("#judged li:nth-child(1) button")));
    }

    [Fact]
    public async Task Earlier_refinements_count_as_is_chosen()
    {
        await using PhotoPage page = await site.OpenAsync();
        await page.SearchForAsync("a long dress");
        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        string[] alone = await page.SearchForAsync("is blue");
        await page.Page.EvaluateExpressionAsync("document.getElementById('method').open = true");

        string[] joined = await page.SearchByAsync(() => page.Page.SelectAsync("#history", "joined-texts"));
        Assert.NotEqual(alone, joined);
        Assert.Contains("joined-texts of earlier turns", await page.TextAsync("#status"), StringComparison.Ordinal);
        string[] faded = await page.SearchByAsync(() => page.Page.SelectAsync("#history", "fading"));
        Assert.NotEqual(joined, faded);

        // The first step has none before it, and the way back leads to the same.
        await page.SearchByAsync(() => page.Page.ClickAsync("#back"));
        Assert.DoesNotContain("earlier turns", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.Equal(faded, await page.SearchByAsync(() => page.Page.ClickAsync("#steps li:nth-child(2) button")));
    }

    [Fact]
    public async Task What_an_answer_lacks_is_said()
    {
        await using PhotoPage page = await site.OpenAsync();
        await page.Page.EvaluateExpressionAsync("""
            {
                const real = fetch;
                window.fetch = async (address, options) => {
                    const answer = await real(address, options);
                    if (!String(address).endsWith("api/search")) return answer;
                    const body = { ...await answer.json(), approximate: true, depth: 240 };
                    body.missing = ["Shard 2 of 6 did not answer within 2 s: 99 of 594 images were not looked at."];
                    delete body.searched;
                    return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
                };
            }
            """);

        Assert.NotEmpty(await page.SearchForAsync("a red dress"));
        Assert.Contains("approximate: 240 candidates were looked at", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.StartsWith("24 images, by", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.Contains("Shard 2 of 6", await page.TextAsync("#missing"), StringComparison.Ordinal);
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Fact]
    public async Task Terms_filters_and_copies_do_what_they_say()
    {
        await using PhotoPage page = await site.OpenAsync();
        string[] hits = await page.SearchForAsync("a dress");
        await page.Page.EvaluateExpressionAsync("document.querySelectorAll('#query details').forEach(part => part.open = true)");

        await page.Page.TypeAsync("#must-not", "black");
        string[] without = await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        Assert.NotEqual(hits, without);
        Assert.Contains("soft", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.Equal(hits, await page.SearchByAsync(() => page.Page.ClickAsync("#must-not-list button")));

        string[] folder = await page.SearchByAsync(() => page.Page.SelectAsync("#folder", "2012"));
        Assert.All(folder, id => Assert.StartsWith("2012/", id, StringComparison.Ordinal));
        await page.SearchByAsync(() => page.Page.SelectAsync("#folder", ""));
        string[] days = await page.SearchByAsync(() => page.Page.EvaluateExpressionAsync(
            "{ const from = document.getElementById('from'); from.value = '2019-01-01'; from.dispatchEvent(new Event('change')); }"));
        Assert.All(days, id => Assert.False(id.StartsWith("2012/", StringComparison.Ordinal), id));

        await page.SearchByAsync(() => page.Page.ClickAsync("#reset"));
        await page.Page.EvaluateExpressionAsync("document.getElementById('count').value = ''");
        await page.Page.TypeAsync("#count", "200");
        string[] folded = await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Tab"));
        string[] all = await page.SearchByAsync(() => page.Page.ClickAsync("#fold"));
        Assert.Equal(site.Images, all.Length);
        Assert.Equal(site.Images - 1, folded.Length);
        double best = await page.Page.EvaluateExpressionAsync<double>("Number(document.querySelectorAll('#hits .score')[2].value)");
        await page.Page.TypeAsync("#min-score", best.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange((await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Tab"))).Length, 2, 3);
    }

    [Fact]
    public async Task A_strategy_is_chosen_with_its_parameters()
    {
        await using PhotoPage page = await site.OpenAsync();
        await page.SearchForAsync("a dress");
        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        await page.SearchForAsync("is red");
        await page.Page.EvaluateExpressionAsync("document.getElementById('method').open = true");

        await page.SearchByAsync(() => page.Page.SelectAsync("#strategy", "product"));
        Assert.Contains("by product", await page.TextAsync("#status"), StringComparison.Ordinal);
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>("document.getElementById('alpha').disabled"));
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>("[...document.getElementById('strategy').options].find(option => option.value === 'target').disabled"));
        await page.SearchByAsync(() => page.Page.SelectAsync("#strategy", "late-cdf"));
        await page.SearchByAsync(() => page.Page.EvaluateExpressionAsync(
            "{ const ddof = document.getElementById('parameter-ddof'); ddof.value = '0'; ddof.dispatchEvent(new Event('change')); }"));

        Assert.Contains("ddof=0", await page.TextAsync("#status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_it_works_by_keyboard_alone()
    {
        await using PhotoPage page = await site.OpenAsync();

        // The first stop leads over the form, and the text is reached by going on.
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the results", await page.FocusAsync());
        await TabToAsync(page, "text");
        await page.Page.Keyboard.TypeAsync("a red dress");
        string[] first = await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        await TabToAsync(page, "alpha");
        await TabToAsync(page, "beta");
        Assert.NotEmpty(await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("ArrowRight")));
        Assert.Equal("0.15", await page.TextAsync("#beta-value"));
        await TabToAsync(page, "More like this, but…");
        await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        Assert.Equal("text", await page.FocusAsync());
        await page.Page.Keyboard.TypeAsync("is blue");
        await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        await TabToAsync(page, "back");
        await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        Assert.Equal("a red dress", await page.Page.EvaluateExpressionAsync<string>("document.getElementById('text').value"));

        // A picture opens, says where it is from, and gives the focus back.
        await page.Page.FocusAsync("#hits li:first-child .picture");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.UntilAsync("document.getElementById('whole').open && document.getElementById('whole-picture').naturalWidth > 0");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.UntilAsync("!document.getElementById('whole').open");
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>("document.activeElement.classList.contains('picture')"));
        Assert.NotEmpty(first);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task The_page_is_accessible_and_fits(int width, bool dark)
    {
        await using PhotoPage page = await site.OpenAsync(width, 900, dark);
        await page.SearchForAsync("a long red dress");
        await page.SearchByAsync(() => page.Page.ClickAsync("#hits li:nth-child(1) .refine"));
        await page.SearchForAsync("is black");
        await page.UntilAsync("[...document.querySelectorAll('#hits img')].every(image => image.complete)");
        await SaveAsync(page, $"page-{(width < 500 ? "phone" : "desktop")}{(dark ? "-dark" : "")}.png");
        await page.Page.EvaluateExpressionAsync("document.querySelectorAll('#query details').forEach(part => part.open = true)");
        await page.Page.TypeAsync("#must-have", "sleeves");
        await page.SearchByAsync(() => page.Page.Keyboard.PressAsync("Enter"));
        await page.UploadAsync(site.NoPicture);
        await page.UntilAsync("document.getElementById('problem').textContent.length > 0");

        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(width, await page.Page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));
        int[] light = await page.Page.EvaluateExpressionAsync<int[]>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)");
        Assert.Equal(dark, light.Take(3).Average() < 128);

        await page.Page.ClickAsync("#hits li:first-child .picture");
        await page.UntilAsync("document.getElementById('whole').open && document.getElementById('whole-picture').naturalWidth > 0");
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    // The pictures of the documentation, made anew where somebody says into which folder.
    private static async Task SaveAsync(PhotoPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("ZEROSHOTCIR_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.Page.ScreenshotAsync(Path.Combine(Directory.CreateDirectory(folder).FullName, name));
        }
    }

    private static async Task TabToAsync(PhotoPage page, string place)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.FocusAsync() == place)
            {
                return;
            }
        }

        Assert.Fail($"60 presses of Tab do not lead to '{place}'.");
    }
}
