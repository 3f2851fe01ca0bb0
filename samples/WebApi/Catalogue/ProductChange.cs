using System.ComponentModel.DataAnnotations;

namespace WebApi.Catalogue;

/// <summary>The new values of a product.</summary>
public sealed class ProductChange
{
    /// <summary>1 to 80 characters.</summary>
    [Required]
    [StringLength(80, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>In euros, more than 0 and at most 100,000, in whole cents.</summary>
    [Required]
    [Range(typeof(decimal), "0.01", "100000", ParseLimitsInInvariantCulture = true)]
    public decimal? Price { get; init; }

    /// <summary>0 to 1,000,000 pieces.</summary>
    [Required]
    [Range(0, 1_000_000)]
    public int? Stock { get; init; }
}
