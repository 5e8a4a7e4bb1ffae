using System.Globalization;
using System.Net;
using System.Text;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Writes HTML: elements as they are given, text always escaped.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();

    /// <summary>Appends markup; interpolated values are escaped, the literal parts are not.</summary>
    public HtmlWriter Add(FormattableString markup)
    {
        _html.AppendFormat(Escaping.Instance, markup.Format, markup.GetArguments());
        return this;
    }

    /// <summary>Appends markup that is right already, such as a style sheet of our own.</summary>
    public HtmlWriter AddVerbatim(string markup)
    {
        _html.Append(markup);
        return this;
    }

    public override string ToString() => _html.ToString();

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static readonly Escaping Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider)
            => WebUtility.HtmlEncode(arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? "";
    }
}
