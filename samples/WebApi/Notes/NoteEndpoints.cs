using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace WebApi.Notes;

/// <summary>Short texts on plain <see cref="IDistributedCache"/>: code that knows nothing of SuperCache.</summary>
public static class NoteEndpoints
{
    private const int MaxSeconds = 86_400;

    /// <summary>Maps the endpoints under <c>/api/notes</c>.</summary>
    public static void MapNotes(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/api/notes").WithTags("Notes");
        group.MapGet("/{name}", async (string name, IDistributedCache cache, CancellationToken cancellationToken) =>
            await cache.GetAsync(KeyOf(name), cancellationToken) is { } text
                ? Results.Ok(new Note(Encoding.UTF8.GetString(text)))
                : Results.NotFound())
            .Produces<Note>().ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Reads a note.");
        group.MapPut("/{name}", PutAsync)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesValidationProblem()
            .WithSummary("Stores a note for some seconds.");
        group.MapDelete("/{name}", async (string name, IDistributedCache cache, CancellationToken cancellationToken) =>
        {
            await cache.RemoveAsync(KeyOf(name), cancellationToken);
            return Results.NoContent();
        }).WithSummary("Removes a note.");
    }

    private static async Task<IResult> PutAsync(
        string name, Note note, IDistributedCache cache, CancellationToken cancellationToken, double seconds = 60)
    {
        if (seconds is not (>= 0.001 and <= MaxSeconds))
        {
            return Problem(
                nameof(seconds), $"seconds is {seconds}; it must be between 0.001 and {MaxSeconds}.");
        }

        if (note.Text is not { Length: > 0 and <= Note.MaxLength })
        {
            return Problem(nameof(Note.Text), $"The text must have 1 to {Note.MaxLength} characters.");
        }

        var options =
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(seconds) };
        await cache.SetAsync(KeyOf(name), Encoding.UTF8.GetBytes(note.Text), options, cancellationToken);
        return Results.NoContent();
    }

    private static string KeyOf(string name) => "note:" + name;

    private static IResult Problem(string field, string message) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [message] });
}

/// <summary>A short text.</summary>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record Note([property: Required, StringLength(Note.MaxLength, MinimumLength = 1)] string Text)
{
    /// <summary>The most characters a note has.</summary>
    public const int MaxLength = 4_000;
}
