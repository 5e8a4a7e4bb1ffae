using System.Globalization;

namespace ZeroShotCir.Composition;

/// <summary>
/// A signed sum of meanings written on one line, such as <c>image + 2:"dog" - fruit</c>: the terms of a query with their weights.
/// </summary>
/// <remarks>
/// Terms are separated by <c>+</c> and <c>-</c> (or <c>−</c>), each optionally weighted by a number and a colon, before the term or,
/// as rclip writes it, inside its quotes. A term is <c>image</c> (the query's first image; <c>image2</c> the second), <c>text</c> (its
/// text), a text in quotes, an image file behind <c>@</c>, or a bare word, which is a text. Immutable.
/// </remarks>
public sealed class CompositionExpression
{
    private CompositionExpression(string source, IReadOnlyList<ExpressionTerm> terms)
    {
        Source = source;
        Terms = terms;
    }

    /// <summary>The line that was read.</summary>
    public string Source { get; }

    /// <summary>The terms, in order; at least one.</summary>
    public IReadOnlyList<ExpressionTerm> Terms { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="source">The line.</param>
    /// <returns>The expression.</returns>
    /// <exception cref="FormatException">It cannot be read; the message says what was expected at which position.</exception>
    public static CompositionExpression Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Reader reader = new(source);
        List<ExpressionTerm> terms = [];
        double sign = reader.ReadOptionalSign();
        do
        {
            terms.Add(reader.ReadTerm(sign));
        }
        while (reader.TryReadSign(out sign));
        return new CompositionExpression(source, terms);
    }

    /// <inheritdoc/>
    public override string ToString() => Source;

    private sealed class Reader(string source)
    {
        private int _position;

        public double ReadOptionalSign() => ReadSign() ?? 1;

        public bool TryReadSign(out double sign)
        {
            double? read = ReadSign();
            sign = read ?? 1;
            if (read is null && _position < source.Length)
            {
                throw Unexpected("'+' or '-' between two terms");
            }

            return read is not null;
        }

        public ExpressionTerm ReadTerm(double sign)
        {
            double weight = sign * ReadWeight();
            SkipBlanks();
            bool isFile = Peek == '@';
            _position += isFile ? 1 : 0;
            bool isQuoted = Peek is '"' or '\'';
            string value = isQuoted ? ReadQuoted(ref weight) : ReadWord();
            if (!double.IsFinite(weight) || weight == 0)
            {
                throw Unexpected("a weight that is a number other than 0 of the term before");
            }

            return (isFile, isQuoted, value) switch
            {
                (true, _, _) => new(weight, ExpressionTermKind.ImageFile, value),
                (false, false, "text") => new(weight, ExpressionTermKind.QueryText, string.Empty),
                (false, false, _) when NumberOfImage(value) is { } number => new(weight, ExpressionTermKind.QueryImage, string.Empty, number),
                _ => new(weight, ExpressionTermKind.Text, value),
            };
        }

        // image, image2, image3; image0 and image1000 are words.
        private static int? NumberOfImage(string word) => word == "image" ? 1
            : word.StartsWith("image", StringComparison.Ordinal) && word.Length <= 7 && word[5] != '0' && word[5..].All(char.IsAsciiDigit)
                ? int.Parse(word[5..], CultureInfo.InvariantCulture)
                : null;

        private char Peek => _position < source.Length ? source[_position] : '\0';

        private double? ReadSign()
        {
            SkipBlanks();
            double? sign = Peek switch
            {
                '+' => 1,
                '-' or '−' => -1,
                _ => null,
            };
            _position += sign is null ? 0 : 1;
            return sign;
        }

        private double ReadWeight()
        {
            SkipBlanks();
            int end = _position;
            while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '.'))
            {
                end++;
            }

            if (end == _position || end == source.Length || source[end] != ':')
            {
                return 1;
            }

            double weight = ToWeight(source[_position..end]);
            _position = end + 1;
            return weight;
        }

        private string ReadQuoted(ref double weight)
        {
            int end = source.IndexOf(source[_position], _position + 1);
            if (end < 0)
            {
                throw Unexpected("a closing quote for the one here");
            }

            string value = source[(_position + 1)..end];
            int colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && value[..colon].All(c => char.IsAsciiDigit(c) || c == '.'))
            {
                weight *= ToWeight(value[..colon]);
                value = value[(colon + 1)..];
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                throw Unexpected("a text between the quotes");
            }

            _position = end + 1;
            return value;
        }

        private string ReadWord()
        {
            // A hyphen inside a word, as in t-shirt, is part of it.
            int end = _position;
            while (end < source.Length && !char.IsWhiteSpace(source[end]) && source[end] is not ('+' or '"'))
            {
                end++;
            }

            if (end == _position)
            {
                throw Unexpected("a term: image, text, a word, a quoted text, or @ and a path");
            }

            string word = source[_position..end];
            _position = end;
            return word;
        }

        private double ToWeight(string number)
            => double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight)
                ? weight
                : throw Unexpected($"a number such as 2 or 0.5 before the colon, not '{number}',");

        private void SkipBlanks()
        {
            while (_position < source.Length && char.IsWhiteSpace(source[_position]))
            {
                _position++;
            }
        }

        private FormatException Unexpected(string expected)
            => new($"The expression '{source}' cannot be read: expected {expected} at position {_position}.");
    }
}
